import { isSameVoter, type MemberRecord, type RunEvent } from "@synod/consensus";
import { oneLine } from "../format/escape.js";
import { count, duration, share } from "../format/figures.js";
import { cut } from "../format/table.js";
import { membersIn } from "./members.js";

/**
 * What the last of some events says, in one line fit for a terminal.
 *
 * @param events a run's events from the first on.
 */
export function eventLine(events: readonly RunEvent[]): string {
  const event = events.at(-1);
  return event === undefined ? "" : oneLine(lineOf(event, events));
}

function lineOf(event: RunEvent, events: readonly RunEvent[]): string {
  switch (event.type) {
    case "run_started": {
      const { preset, aggregation, members } = event.spec;
      return `synod/${preset}: ${count(members.length, "member")}, ${aggregation.strategy}`;
    }
    case "round_started":
      return `round ${event.round}: asking ${count(event.voters, "voter")}`;
    case "rest_asked":
      return `round ${event.round}: asking ${event.voters} more`;
    case "member_hedged":
      return `round ${event.round}: asking ${event.model} too, since a member is slow`;
    case "member_answered":
    case "member_failed":
    case "member_cancelled": {
      const { voter, round } = event;
      const member = membersIn(events, round).find((seat) => isSameVoter(seat.voter, voter))?.record;
      return member === undefined ? "" : `round ${round}: ${seatName(member)} ${outcomeOf(member)}`;
    }
    case "round_ended":
      return `round ${event.round}: ${event.stop}, ${count(event.usable, "usable answer")}, ${event.quorum} needed`;
    case "aggregator_called": {
      const did = event.failure === null ? "answered" : `failed (${event.failure.message})`;
      return `round ${event.round}: ${event.model} ${did} after ${duration(event.latencyMs)}`;
    }
    case "aggregated": {
      const { agreement, answerKey } = event.outcome;
      const on = answerKey === "" ? "" : ` on ${cut(answerKey, 40)}`;
      return `round ${event.round}: aggregated${on}${agreement === null ? "" : `, agreement ${share(agreement)}`}`;
    }
    case "aggregation_failed":
      return `round ${event.round}: the aggregation failed: ${event.failure.message}`;
    case "judged":
      return `judged: ${event.verdict.kind === "none" ? "no verdict" : event.verdict.kind}`;
    case "judge_failed":
      return `the judge failed: ${event.failure.message}`;
    case "regeneration_started":
      return `making the answer again (${event.regeneration})`;
    case "deadline_reached":
      return "the deadline is reached";
    case "caller_left":
      return `given up: ${event.failure.message}`;
    case "run_finished":
      return finishOf(event.result);
    default:
      return event satisfies never;
  }
}

function finishOf(result: Extract<RunEvent, { readonly type: "run_finished" }>["result"]): string {
  switch (result.status) {
    case "completed":
      return `completed: ${result.stopped}`;
    case "failed":
      return `failed: ${result.failure.message}`;
    case "cancelled":
      return `cancelled: ${result.failure.message}`;
    default:
      return result satisfies never;
  }
}

/** A member, with its sample where it has several. */
export function seatName({ model, sample }: Pick<MemberRecord, "model" | "sample">): string {
  return sample > 1 ? `${model} (sample ${sample})` : model;
}

/** What a member came to, and how long that took. */
function outcomeOf({ status, answerKey, abstention, failure, latencyMs }: MemberRecord): string {
  const after = `after ${duration(latencyMs)}`;
  switch (status) {
    case "answered":
      return `answered ${cut(answerKey, 40)} ${after}`;
    case "abstained":
      return `answered without a vote ${after}${abstention === null ? "" : `: ${abstention.message}`}`;
    case "failed":
      return `failed ${after}: ${failure?.message ?? "unknown"}`;
    case "cancelled":
      return `was stopped ${after}`;
    default:
      return status satisfies never;
  }
}
