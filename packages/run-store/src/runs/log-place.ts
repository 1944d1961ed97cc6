import type { RunEvent } from "@synod/consensus";
import { RunLogError } from "./run-store.js";

/** How far the log of a run is. */
export type LogProgress = "new" | "open" | "finished";

/**
 * How far a log is after an event.
 *
 * @throws RunLogError when the event has no place in it.
 */
export function nextProgress(runId: string, progress: LogProgress, { type }: RunEvent): LogProgress {
  if (progress === "finished") throw new RunLogError(`the run ${runId} is finished`);
  if (type === "run_started" && progress === "open") {
    throw new RunLogError(`the run ${runId} has been started before`);
  }
  if (type !== "run_started" && progress === "new")
    throw new RunLogError(`the run ${runId} has not been started`);
  return type === "run_finished" ? "finished" : "open";
}
