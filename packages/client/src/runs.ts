import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Failure, FinishReason, Message, Usage } from "@synod/consensus";
import { type ListRunsRequestSchema, type Run as ProtoRun, RunStatus as Status } from "@synod/contracts/chat";
import {
  fromProtoFailure,
  fromProtoFinishReason,
  fromProtoMessage,
  fromProtoUsage,
  required,
} from "@synod/mapping";
import { type Consensus, readConsensus, textOf } from "./answer.js";

/** How a run stands. */
export type RunStatus = "queued" | "running" | "completed" | "failed" | "cancelled";

/** A run: one question to a panel, and all that was done for it. */
export interface Run {
  readonly runId: string;
  /** The preset that was asked, without `synod/`. */
  readonly preset: string;
  readonly status: RunStatus;
  /** Whether its log ends before the run did. Its status is `failed` then. */
  readonly incomplete: boolean;
  readonly createTime: Date;
  /** Null while it goes on, and when nobody knows. */
  readonly finishTime: Date | null;
  /** How many events it has so far. */
  readonly eventCount: number;
  /** Null when it was asked without one. */
  readonly idempotencyKey: string | null;
  /** The request as it was sent, as JSON text. Null in lists, and when it is not kept. */
  readonly requestJson: string | null;
  /** Null in lists, and when there is none yet or at all. */
  readonly answer: RunAnswer | null;
  /** Why there is no answer. Null in lists, when there is one, and while the run goes on. */
  readonly failure: Failure | null;
  /** How the run went so far. Null in lists. */
  readonly consensus: Consensus | null;
}

/** The answer of a run. */
export interface RunAnswer {
  /** Empty when it is calls of tools. */
  readonly text: string;
  readonly message: Message;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
}

/** Which runs. What is unset chooses nothing. */
export interface RunFilter {
  readonly status?: RunStatus;
  /** Without `synod/`. */
  readonly preset?: string;
  /** The earliest start. */
  readonly since?: Date;
  /** All starts are before it. */
  readonly before?: Date;
  /** How many a page has at most, 1 to 100. Default: 20. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** A page of runs. */
export interface RunPage {
  /** The newest first. */
  readonly runs: readonly Run[];
  /** For the next page. Null at the end. */
  readonly nextCursor: string | null;
}

const toProtoStatus = {
  queued: Status.QUEUED,
  running: Status.RUNNING,
  completed: Status.COMPLETED,
  failed: Status.FAILED,
  cancelled: Status.CANCELLED,
} as const satisfies Record<RunStatus, Status>;

const statuses: Readonly<Record<Status, RunStatus | null>> = {
  [Status.UNSPECIFIED]: null,
  [Status.QUEUED]: "queued",
  [Status.RUNNING]: "running",
  [Status.COMPLETED]: "completed",
  [Status.FAILED]: "failed",
  [Status.CANCELLED]: "cancelled",
};

/** Which runs, as the contract has it. */
export function toProtoFilter(filter: RunFilter): MessageInitShape<typeof ListRunsRequestSchema> {
  const { status, preset, since, before, limit, cursor } = filter;
  return {
    ...(status !== undefined && { status: toProtoStatus[status] }),
    ...(preset !== undefined && { preset }),
    ...(since !== undefined && { since: timestampFromDate(since) }),
    ...(before !== undefined && { before: timestampFromDate(before) }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** A run from the contract. */
export function readRun(run: ProtoRun): Run {
  const { runId, preset, incomplete, createTime, finishTime, eventCount } = run;
  return {
    runId,
    preset,
    status: required(statuses[run.status] ?? undefined, "run.status"),
    incomplete,
    createTime: timestampDate(required(createTime, "run.create_time")),
    finishTime: finishTime === undefined ? null : timestampDate(finishTime),
    eventCount,
    idempotencyKey: run.idempotencyKey === "" ? null : run.idempotencyKey,
    requestJson: run.requestJson === "" ? null : run.requestJson,
    answer: run.answer === undefined ? null : readAnswer(run.answer),
    failure: run.failure === undefined ? null : fromProtoFailure(run.failure),
    consensus: run.consensus === undefined ? null : readConsensus(run.consensus),
  };
}

function readAnswer(answer: NonNullable<ProtoRun["answer"]>): RunAnswer {
  const message = fromProtoMessage(required(answer.message, "run.answer.message"));
  return {
    text: textOf(message),
    message,
    finishReason: fromProtoFinishReason(answer.finishReason),
    usage: fromProtoUsage(required(answer.usage, "run.answer.usage")),
  };
}
