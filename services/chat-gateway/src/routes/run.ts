import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type Run, RunSchema, RunStatus } from "@synod/contracts/chat";
import { toProtoConsensus, toProtoFailure } from "@synod/mapping";
import type { RunSummary } from "@synod/run-store";
import type { RunView } from "../history/run-view.js";
import { toldFailure } from "../run-ending.js";
import { runAnswer } from "./answer.js";

const statuses = {
  running: RunStatus.RUNNING,
  completed: RunStatus.COMPLETED,
  failed: RunStatus.FAILED,
  cancelled: RunStatus.CANCELLED,
} as const satisfies Record<RunSummary["status"], RunStatus>;

/** A run in a list, as the contract has it. */
export function toProtoRunSummary(run: RunSummary): Run {
  return create(RunSchema, headOf(run));
}

/** A run with everything, as the contract has it. */
export function toProtoRun(view: RunView): Run {
  const { run, ending, request = "" } = view;
  const isAnswer = ending !== undefined && ending.type !== "failure";
  return create(RunSchema, {
    ...headOf(view),
    requestJson: request,
    answer: isAnswer ? runAnswer(run, ending) : undefined,
    failure: ending?.type === "failure" ? toProtoFailure(toldFailure(ending.failure, run.record)) : undefined,
    consensus: toProtoConsensus(run.runId, run.record),
  });
}

function headOf(run: RunSummary): MessageInitShape<typeof RunSchema> {
  return {
    runId: run.runId,
    preset: run.preset,
    status: statuses[run.status],
    incomplete: run.incomplete,
    createTime: timestampFromMs(run.startTimeMs),
    finishTime: run.finishTimeMs === undefined ? undefined : timestampFromMs(run.finishTimeMs),
    eventCount: run.events,
    idempotencyKey: run.idempotencyKey ?? "",
  };
}
