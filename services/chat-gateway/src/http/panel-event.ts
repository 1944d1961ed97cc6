import type { MemberSpec, RunEvent, Voter } from "@synod/consensus";
import { failureJson } from "@synod/mapping";
import type { WaitingText } from "../lane.js";

/** What a member has written, as `consensus_event` of a chunk. */
export function deltaJson({ round, voter, model, text, skippedChars }: WaitingText): object {
  const skipped = skippedChars > 0 ? { skipped_chars: skippedChars } : {};
  return { type: "member_delta", round, ...voter, model, text, ...skipped };
}

/** What happened to the panel, as `consensus_event` of a chunk. Undefined for what does not concern its members. */
export function panelEventJson(event: RunEvent, members: readonly MemberSpec[]): object | undefined {
  const of = ({ member, sample }: Voter): object => ({
    member,
    sample,
    model: members[member]?.model ?? null,
  });
  switch (event.type) {
    case "round_started":
    case "rest_asked":
      return { type: event.type, round: event.round, voters: event.voters };
    case "member_answered": {
      const { type, round, voter, completion } = event;
      const { servedModel, finishReason, latencyMs } = completion;
      return {
        ...{ type, round, ...of(voter), served_model: servedModel },
        ...{ finish_reason: finishReason, latency_ms: latencyMs },
      };
    }
    case "member_failed": {
      const { type, round, voter, failure, latencyMs } = event;
      return { type, round, ...of(voter), error: failureJson(failure), latency_ms: latencyMs };
    }
    case "member_cancelled": {
      const { type, round, voter, latencyMs } = event;
      return { type, round, ...of(voter), latency_ms: latencyMs };
    }
    case "member_hedged": {
      const { type, round, voter, model } = event;
      return { type, round, ...of(voter), fallback: model };
    }
    case "round_ended":
      return { type: event.type, round: event.round, stop: event.stop };
    default:
      return undefined;
  }
}
