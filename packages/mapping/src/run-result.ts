import { create } from "@bufbuild/protobuf";
import { callerLeft, type RunResult, type RunStop } from "@synod/consensus";
import { RunFinishedSchema, type RunFinished as ProtoRunFinished, RunStatus } from "@synod/contracts/chat";
import { fromTable, fromWord } from "./enum.js";
import { fromProtoFailure, fromProtoFailureOrNull, toProtoFailure } from "./failure.js";
import { fromProtoToolCall, toProtoToolCall } from "./message.js";
import { required } from "./required.js";

const stops = {
  complete: true,
  lossless: true,
  confident: true,
  quorum: true,
  stable: true,
  agreed: true,
  accepted: true,
  max_rounds: true,
  max_regenerations: true,
  deadline: true,
  budget: true,
} as const satisfies Record<RunStop, true>;

const statuses = {
  [RunStatus.UNSPECIFIED]: null,
  [RunStatus.COMPLETED]: "completed",
  [RunStatus.FAILED]: "failed",
  [RunStatus.CANCELLED]: "cancelled",
  [RunStatus.QUEUED]: null,
  [RunStatus.RUNNING]: null,
} as const satisfies Record<RunStatus, RunResult["status"] | null>;

/** How a run ended, as the contract has it. */
export function toProtoRunFinished(result: RunResult): ProtoRunFinished {
  switch (result.status) {
    case "completed":
      return create(RunFinishedSchema, {
        status: RunStatus.COMPLETED,
        answer: result.answer,
        toolCalls: (result.toolCalls ?? []).map(toProtoToolCall),
        stopped: result.stopped,
      });
    case "failed":
      return create(RunFinishedSchema, {
        status: RunStatus.FAILED,
        failure: toProtoFailure(result.failure),
      });
    case "cancelled":
      return create(RunFinishedSchema, {
        status: RunStatus.CANCELLED,
        failure: toProtoFailure(result.failure),
      });
    default:
      return result satisfies never;
  }
}

/**
 * How a run ended, from the contract.
 *
 * @throws MappingError when its status or its reason to stop is unknown, or a failed one has no failure.
 */
export function fromProtoRunFinished(finished: ProtoRunFinished): RunResult {
  const status = fromTable<RunStatus, RunResult["status"]>(statuses, finished.status, "run_finished.status");
  switch (status) {
    case "completed":
      return {
        status,
        answer: finished.answer,
        ...(finished.toolCalls.length > 0 && { toolCalls: finished.toolCalls.map(fromProtoToolCall) }),
        stopped: fromWord<RunStop>(stops, finished.stopped, "run_finished.stopped"),
      };
    case "failed":
      return { status, failure: fromProtoFailure(required(finished.failure, "run_finished.failure")) };
    case "cancelled":
      return { status, failure: fromProtoFailureOrNull(finished.failure) ?? callerLeft };
    default:
      return status satisfies never;
  }
}
