import { create } from "@bufbuild/protobuf";
import type { MemberSpec, RoundStop, RunEvent, RunSpec } from "@synod/consensus";
import {
  MemberAnsweredSchema,
  MemberCancelledSchema,
  MemberFailedSchema,
  MemberSchema,
  type Member as ProtoMember,
  type MemberAnswered as ProtoMemberAnswered,
  type MemberCancelled as ProtoMemberCancelled,
  type MemberFailed as ProtoMemberFailed,
  type RoundEnded as ProtoRoundEnded,
  RoundEndedSchema,
  RoundStop as ProtoRoundStop,
  type RunRoundResponse,
  StopRule,
} from "@synod/contracts/round";
import { fromProtoCompletion, toProtoCompletion } from "./completion.js";
import { fromTable } from "./enum.js";
import { fromProtoFailure, toProtoFailure } from "./failure.js";
import { MappingError } from "./mapping-error.js";
import { required } from "./required.js";
import { toProtoSampling } from "./sampling.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoUsage, fromProtoUsageOrNull, toProtoUsageOrUnset } from "./usage.js";
import { fromProtoVoter, toProtoVoter } from "./voter.js";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

/** What happens between a round's start and its end, the end included. */
export type RoundEvent = EventOf<"member_answered" | "member_failed" | "member_cancelled" | "round_ended">;

const stopsToProto = {
  complete: ProtoRoundStop.COMPLETE,
  lossless: ProtoRoundStop.LOSSLESS,
  quorum: ProtoRoundStop.QUORUM,
  quorum_lost: ProtoRoundStop.QUORUM_LOST,
} as const satisfies Record<RoundStop, ProtoRoundStop>;

const stopsFromProto = {
  [ProtoRoundStop.UNSPECIFIED]: null,
  [ProtoRoundStop.COMPLETE]: "complete",
  [ProtoRoundStop.LOSSLESS]: "lossless",
  [ProtoRoundStop.QUORUM]: "quorum",
  [ProtoRoundStop.QUORUM_LOST]: "quorum_lost",
} as const satisfies Record<ProtoRoundStop, RoundStop | null>;

const rulesToProto = {
  off: StopRule.OFF,
  lossless: StopRule.LOSSLESS,
} as const satisfies Record<RunSpec["stopEarly"], StopRule>;

const rulesFromProto = {
  [StopRule.UNSPECIFIED]: "off",
  [StopRule.OFF]: "off",
  [StopRule.LOSSLESS]: "lossless",
} as const satisfies Record<StopRule, RunSpec["stopEarly"]>;

/** Why a round ended, as the contract has it. */
export function toProtoRoundStop(stop: RoundStop): ProtoRoundStop {
  return stopsToProto[stop];
}

/**
 * Why a round ended, from the contract.
 *
 * @throws MappingError when it is unspecified or unknown.
 */
export function fromProtoRoundStop(stop: ProtoRoundStop): RoundStop {
  return fromTable<ProtoRoundStop, RoundStop>(stopsFromProto, stop, "round_ended.stop");
}

/** When a round may stop early, as the contract has it. */
export function toProtoStopRule(rule: RunSpec["stopEarly"]): StopRule {
  return rulesToProto[rule];
}

/**
 * When a round may stop early, from the contract; `off` when it is unspecified.
 *
 * @throws MappingError when it is unknown.
 */
export function fromProtoStopRule(rule: StopRule): RunSpec["stopEarly"] {
  return fromTable<StopRule, RunSpec["stopEarly"]>(rulesFromProto, rule, "stop_rule");
}

/** A seat of the panel as `RunRound` asks for it. What only the run needs (family, accuracy) stays behind. */
export function toProtoMember(member: MemberSpec): ProtoMember {
  return create(MemberSchema, {
    model: member.model,
    sampling: toProtoSampling(member.sampling),
    weight: member.weight,
    samples: member.samples,
    fallbacks: [...member.fallbacks],
  });
}

/** An answer of a member as the contract has it. */
export function toProtoMemberAnswered(event: EventOf<"member_answered">): ProtoMemberAnswered {
  return create(MemberAnsweredSchema, {
    voter: toProtoVoter(event.voter),
    completion: toProtoCompletion(event.completion),
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

/** What `fromProtoRoundEvent` reads: an event of `RunRoundResponse`, whose arms a run's event shares. */
export type ProtoRoundEvent = Exclude<RunRoundResponse["event"], { case: undefined }>;

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
        latencyMs: toNumber(event.value.latencyMs, "cancelled.latency_ms"),
      };
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

/**
 * An event of a round from a piece of `RunRound`'s stream.
 *
 * @param round The round it belongs to, from 1.
 * @throws MappingError when something in it is unset or unknown.
 */
export function fromProtoRoundResponse(round: number, response: RunRoundResponse): RoundEvent {
  if (response.event.case === undefined) throw new MappingError("run_round_response.event", "nothing is set");
  return fromProtoRoundEvent(round, response.event);
}
