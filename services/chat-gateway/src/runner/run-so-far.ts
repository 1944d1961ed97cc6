import {
  recordOf,
  type RunEvent,
  type RunRecord,
  type RunResult,
  type RunSpec,
  type Spending,
  spendingOf,
} from "@synod/consensus";
import { isCut } from "./is-cut.js";

/** A run as far as its log goes. */
export interface RunSoFar {
  readonly runId: string;
  readonly spec: RunSpec;
  /** When it began, in milliseconds since 1970, by the clock of who carried it out. */
  readonly startTimeMs: number;
  readonly record: RunRecord;
  readonly spending: Spending;
  /** Null while it goes on. */
  readonly result: RunResult | null;
  /** Whether its answer is cut, because its writer reached its limit of tokens. */
  readonly cut: boolean;
}

/** A run that is over. */
export interface FinishedRun extends RunSoFar {
  readonly result: RunResult;
}

/** Whether a run is over. */
export function isFinished(run: RunSoFar): run is FinishedRun {
  return run.result !== null;
}

/** Reads a run from its events. Throws an Error when the first one is not `run_started`. */
export function runSoFar(runId: string, startTimeMs: number, events: readonly RunEvent[]): RunSoFar {
  const [first] = events;
  if (first?.type !== "run_started") throw new Error(`the log of the run ${runId} has no beginning`);
  const record = recordOf(events);
  const { result } = record;
  const isText = result?.status === "completed" && result.toolCalls === undefined;
  const cut = isText && isCut(events, result.answer);
  const { spec } = first;
  return { runId, spec, startTimeMs, record, spending: spendingOf(events, spec), result, cut };
}
