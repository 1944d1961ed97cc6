import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { callerLeft, type RunEvent, type Spent } from "@synod/consensus";
import { type RunEvent as ProtoRunEvent, RunEventSchema } from "@synod/contracts/chat";
import type { SpentUsage } from "@synod/contracts/provider";
import { fromProtoAggregatorCalled, toProtoAggregatorCalled } from "./aggregator.js";
import { fromProtoFailure, fromProtoFailureOrNull, toProtoFailure } from "./failure.js";
import { MappingError } from "./mapping-error.js";
import { fromProtoMessages, toProtoMessages } from "./message.js";
import { fromProtoOutcome, toProtoOutcome } from "./outcome.js";
import { required } from "./required.js";
import {
  fromProtoRoundEvent,
  toProtoMemberAnswered,
  toProtoMemberCancelled,
  toProtoMemberFailed,
  toProtoMemberHedged,
  toProtoRoundEnded,
} from "./round.js";
import { fromProtoRunFinished, toProtoRunFinished } from "./run-result.js";
import { fromProtoRunSpec, toProtoRunSpec } from "./run-spec.js";
import { fromProtoSpent, toProtoSpentOrUnset } from "./spent.js";
import { fromProtoVerdict, toProtoVerdict } from "./verdict.js";

/** Where an event stands: what the pure event does not know. */
export interface RunEventPlace {
  readonly runId: string;
  /** The position in the run, from 1. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly createTimeMs: number;
}

/** An event of a run as the contract has it. */
export function toProtoRunEvent(event: RunEvent, place: RunEventPlace): ProtoRunEvent {
  return create(RunEventSchema, {
    runId: place.runId,
    seq: place.seq,
    createTime: timestampFromMs(place.createTimeMs),
    event: armOf(event),
  });
}

type Arm = NonNullable<MessageInitShape<typeof RunEventSchema>["event"]>;

function armOf(event: RunEvent): Arm {
  switch (event.type) {
    case "run_started":
      return {
        case: "runStarted",
        value: { spec: toProtoRunSpec(event.spec), messages: toProtoMessages(event.messages) },
      };
    case "round_started":
      return {
        case: "roundStarted",
        value: { round: event.round, regeneration: event.regeneration, voters: event.voters },
      };
    case "rest_asked":
      return { case: "restAsked", value: { round: event.round, restAsked: { voters: event.voters } } };
    case "member_hedged":
      return { case: "memberHedged", value: { round: event.round, hedged: toProtoMemberHedged(event) } };
    case "member_answered":
      return {
        case: "memberAnswered",
        value: { round: event.round, answered: toProtoMemberAnswered(event) },
      };
    case "member_failed":
      return {
        case: "memberFailed",
        value: { round: event.round, failed: toProtoMemberFailed(event) },
      };
    case "member_cancelled":
      return {
        case: "memberCancelled",
        value: { round: event.round, cancelled: toProtoMemberCancelled(event) },
      };
    case "round_ended":
      return { case: "roundEnded", value: { round: event.round, ended: toProtoRoundEnded(event) } };
    case "aggregator_called":
      return {
        case: "aggregatorCalled",
        value: { round: event.round, called: toProtoAggregatorCalled(event) },
      };
    case "aggregated":
      return {
        case: "aggregated",
        value: {
          round: event.round,
          outcome: toProtoOutcome(event.outcome),
          aggregatorSkipped: event.aggregatorSkipped,
        },
      };
    case "aggregation_failed":
      return {
        case: "aggregationFailed",
        value: {
          round: event.round,
          failure: toProtoFailure(event.failure),
          textSent: event.textSent ?? false,
          spent: toProtoSpentOrUnset(event.spent),
        },
      };
    case "judged":
      return {
        case: "judged",
        value: { attempt: event.attempt, verdict: toProtoVerdict(event.verdict) },
      };
    case "judge_failed":
      return {
        case: "judgeFailed",
        value: {
          attempt: event.attempt,
          failure: toProtoFailure(event.failure),
          spent: toProtoSpentOrUnset(event.spent),
        },
      };
    case "regeneration_started":
      return { case: "regenerationStarted", value: { regeneration: event.regeneration } };
    case "deadline_reached":
      return { case: "deadlineReached", value: { textSent: event.textSent ?? false } };
    case "caller_left":
      return { case: "callerLeft", value: { failure: toProtoFailure(event.failure) } };
    case "run_finished":
      return { case: "runFinished", value: toProtoRunFinished(event.result) };
    default:
      return event satisfies never;
  }
}

/**
 * An event of a run from the contract.
 *
 * @throws MappingError when something in it is unset or unknown.
 */
export function fromProtoRunEvent(proto: ProtoRunEvent): RunEvent {
  const { event } = proto;
  switch (event.case) {
    case "runStarted":
      return {
        type: "run_started",
        spec: fromProtoRunSpec(required(event.value.spec, "run_started.spec")),
        messages: fromProtoMessages(event.value.messages),
      };
    case "roundStarted":
      return {
        type: "round_started",
        round: event.value.round,
        regeneration: event.value.regeneration,
        voters: event.value.voters,
      };
    case "restAsked":
      return fromProtoRoundEvent(event.value.round, {
        case: "restAsked",
        value: required(event.value.restAsked, "rest_asked.rest_asked"),
      });
    case "memberHedged":
      return fromProtoRoundEvent(event.value.round, {
        case: "hedged",
        value: required(event.value.hedged, "member_hedged.hedged"),
      });
    case "memberAnswered":
      return fromProtoRoundEvent(event.value.round, {
        case: "answered",
        value: required(event.value.answered, "member_answered.answered"),
      });
    case "memberFailed":
      return fromProtoRoundEvent(event.value.round, {
        case: "failed",
        value: required(event.value.failed, "member_failed.failed"),
      });
    case "memberCancelled":
      return fromProtoRoundEvent(event.value.round, {
        case: "cancelled",
        value: required(event.value.cancelled, "member_cancelled.cancelled"),
      });
    case "roundEnded":
      return fromProtoRoundEvent(event.value.round, {
        case: "ended",
        value: required(event.value.ended, "round_ended.ended"),
      });
    case "aggregatorCalled":
      return fromProtoAggregatorCalled(
        event.value.round,
        required(event.value.called, "aggregator_called.called"),
      );
    case "aggregated":
      return {
        type: "aggregated",
        round: event.value.round,
        outcome: fromProtoOutcome(required(event.value.outcome, "aggregated.outcome")),
        aggregatorSkipped: event.value.aggregatorSkipped,
      };
    case "aggregationFailed":
      return {
        type: "aggregation_failed",
        round: event.value.round,
        failure: fromProtoFailure(required(event.value.failure, "aggregation_failed.failure")),
        ...(event.value.textSent && { textSent: true }),
        ...spentIn(event.value),
      };
    case "judged":
      return {
        type: "judged",
        attempt: event.value.attempt,
        verdict: fromProtoVerdict(required(event.value.verdict, "judged.verdict")),
      };
    case "judgeFailed":
      return {
        type: "judge_failed",
        attempt: event.value.attempt,
        failure: fromProtoFailure(required(event.value.failure, "judge_failed.failure")),
        ...spentIn(event.value),
      };
    case "regenerationStarted":
      return { type: "regeneration_started", regeneration: event.value.regeneration };
    case "deadlineReached":
      return { type: "deadline_reached", ...(event.value.textSent && { textSent: true }) };
    case "callerLeft":
      return { type: "caller_left", failure: fromProtoFailureOrNull(event.value.failure) ?? callerLeft };
    case "runFinished":
      return { type: "run_finished", result: fromProtoRunFinished(event.value) };
    case undefined:
      throw new MappingError("run_event.event", "nothing is set");
    default:
      return event satisfies never;
  }
}

function spentIn(failed: { readonly spent?: SpentUsage | undefined }): { spent?: Spent } {
  const spent = fromProtoSpent(failed.spent);
  return spent === undefined ? {} : { spent };
}
