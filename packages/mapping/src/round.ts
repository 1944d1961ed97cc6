import { create } from "@bufbuild/protobuf";
import type { MemberSpec, RunEvent, Voter } from "@synod/consensus";
import {
  MemberAnsweredSchema,
  MemberCancelledSchema,
  MemberFailedSchema,
  MemberHedgedSchema,
  MemberSchema,
  type Member as ProtoMember,
  type MemberAnswered as ProtoMemberAnswered,
  type MemberCancelled as ProtoMemberCancelled,
  type MemberFailed as ProtoMemberFailed,
  type MemberHedged as ProtoMemberHedged,
  type RoundEnded as ProtoRoundEnded,
  RoundEndedSchema,
  type RunRoundResponse,
} from "@synod/contracts/round";
import { fromProtoCompletion, toProtoCompletion } from "./completion.js";
import { fromProtoFailure, toProtoFailure } from "./failure.js";
import { MappingError } from "./mapping-error.js";
import { required } from "./required.js";
import { toProtoSampling } from "./sampling.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoRoundStop, toProtoRoundStop } from "./stopping.js";
import { fromProtoUsage, fromProtoUsageOrNull, toProtoUsageOrUnset } from "./usage.js";
import { fromProtoVoter, toProtoVoter } from "./voter.js";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** What happens between a round's start and its end, the end included. */
export type RoundEvent = EventOf<
  "member_hedged" | "member_answered" | "member_failed" | "member_cancelled" | "rest_asked" | "round_ended"
>;

/** A seat of the panel as `RunRound` asks for it. */
export function toProtoMember(member: MemberSpec): ProtoMember {
  return create(MemberSchema, {
    model: member.model,
    sampling: toProtoSampling(member.sampling),
    weight: member.weight,
    samples: member.samples,
    fallbacks: [...member.fallbacks],
    accuracy: member.accuracy,
    family: member.family,
  });
}

/** A member that was hedged, as the contract has it. */
export function toProtoMemberHedged(event: EventOf<"member_hedged">): ProtoMemberHedged {
  return create(MemberHedgedSchema, { voter: toProtoVoter(event.voter), model: event.model });
}

/** An answer of a member as the contract has it. */
export function toProtoMemberAnswered(event: EventOf<"member_answered">): ProtoMemberAnswered {
  return create(MemberAnsweredSchema, {
    voter: toProtoVoter(event.voter),
    completion: toProtoCompletion(event.completion),
    hedgeWon: event.hedgeWon ?? false,
  });
}

/** A failure of a member as the contract has it. */
export function toProtoMemberFailed(event: EventOf<"member_failed">): ProtoMemberFailed {
  return create(MemberFailedSchema, {
    voter: toProtoVoter(event.voter),
    failure: toProtoFailure(event.failure),
    usage: toProtoUsageOrUnset(event.usage),
    latencyMs: toMilliseconds(event.latencyMs, "member_failed.latency_ms"),
    attempts: event.attempts ?? (event.usage === null ? 0 : 1),
  });
}

/** A member that was stopped, as the contract has it. */
export function toProtoMemberCancelled(event: EventOf<"member_cancelled">): ProtoMemberCancelled {
  return create(MemberCancelledSchema, {
    voter: toProtoVoter(event.voter),
    latencyMs: toMilliseconds(event.latencyMs, "member_cancelled.latency_ms"),
    usage: toProtoUsageOrUnset(event.usage ?? null),
    attempts: event.attempts ?? 0,
  });
}

/** The end of a round as the contract has it. */
export function toProtoRoundEnded(event: EventOf<"round_ended">): ProtoRoundEnded {
  return create(RoundEndedSchema, {
    stop: toProtoRoundStop(event.stop),
    usable: event.usable,
    quorum: event.quorum,
  });
}

/** What `fromProtoRoundEvent` reads: an event of `RunRoundResponse`, whose arms a run's event shares. Deltas are no events. */
export type ProtoRoundEvent = Exclude<RunRoundResponse["event"], { case: undefined | "delta" }>;

/**
 * An event of a round from the contract.
 *
 * @param round The round it belongs to, from 1.
 * @throws MappingError when something in it is unset or unknown.
 */
export function fromProtoRoundEvent(round: number, event: ProtoRoundEvent): RoundEvent {
  switch (event.case) {
    case "answered":
      return {
        type: "member_answered",
        round,
        voter: fromProtoVoter(event.value.voter),
        completion: fromProtoCompletion(required(event.value.completion, "answered.completion")),
        ...(event.value.hedgeWon && { hedgeWon: true }),
      };
    case "failed":
      return {
        type: "member_failed",
        round,
        voter: fromProtoVoter(event.value.voter),
        failure: fromProtoFailure(required(event.value.failure, "failed.failure")),
        usage: fromProtoUsageOrNull(event.value.usage),
        ...(event.value.attempts > 0 && { attempts: event.value.attempts }),
        latencyMs: toNumber(event.value.latencyMs, "failed.latency_ms"),
      };
    case "cancelled":
      return {
        type: "member_cancelled",
        round,
        voter: fromProtoVoter(event.value.voter),
        ...(event.value.usage !== undefined && { usage: fromProtoUsage(event.value.usage) }),
        ...(event.value.attempts > 0 && { attempts: event.value.attempts }),
        latencyMs: toNumber(event.value.latencyMs, "cancelled.latency_ms"),
      };
    case "hedged":
      return {
        type: "member_hedged",
        round,
        voter: fromProtoVoter(event.value.voter),
        model: event.value.model,
      };
    case "restAsked":
      return { type: "rest_asked", round, voters: event.value.voters };
    case "ended":
      return {
        type: "round_ended",
        round,
        stop: fromProtoRoundStop(event.value.stop),
        usable: event.value.usable,
        quorum: event.value.quorum,
      };
    default:
      return event satisfies never;
  }
}

/** What a member has just written. */
export interface MemberDelta {
  readonly round: number;
  readonly voter: Voter;
  /** The model that was asked: the member's own, or its hedge's. */
  readonly model: string;
  readonly text: string;
}

/**
 * A piece of `RunRound`'s stream: an event, or a delta.
 *
 * @param round The round it belongs to, from 1.
 * @throws MappingError when something in it is unset or unknown.
 */
export function fromProtoRoundResponse(
  round: number,
  { event }: RunRoundResponse,
): RoundEvent | { readonly type: "delta"; readonly delta: MemberDelta } {
  if (event.case === undefined) throw new MappingError("run_round_response.event", "nothing is set");
  if (event.case !== "delta") return fromProtoRoundEvent(round, event);
  const { voter, model, text } = event.value;
  return { type: "delta", delta: { round, voter: fromProtoVoter(voter), model, text } };
}
