import type { LoggedEvent, RunStore, RunSummary } from "@synod/run-store";
import type { Caller } from "../caller.js";
import { endingOf } from "../run-ending.js";
import { type FinishedRun, isFinished, runSoFar } from "../runner/run-so-far.js";

/** How long ago the same request may have been sent, in milliseconds: 10 minutes. */
const withinMs = 600_000;

/** Runs that answer a request which a client sends again by itself. */
export interface Twins {
  /**
   * The newest run of a caller for the same request within 10 minutes that ended well; one that goes on is waited for.
   * Undefined when there is none, and when nothing can be looked up: it is an effort, no promise.
   *
   * @param signal Fires when the caller waits no longer: then it rejects.
   */
  find(caller: Caller, requestHash: string, signal: AbortSignal): Promise<FinishedRun | undefined>;
}

/** @param failed Called with why runs could not be looked up. */
export function createTwins(runs: RunStore, failed: (error: unknown) => void): Twins {
  async function logOf({ runId, status }: RunSummary, signal: AbortSignal): Promise<readonly LoggedEvent[]> {
    if (status !== "running") return runs.read(runId);
    const log: LoggedEvent[] = [];
    for await (const logged of runs.tail(runId, { signal })) log.push(logged);
    return log;
  }

  return {
    async find({ owner }, requestHash, signal) {
      try {
        const twin = await runs.findTwin({ owner, requestHash, withinMs });
        const log = twin === undefined ? [] : await logOf(twin, signal);
        const [first] = log;
        if (twin === undefined || first === undefined) return undefined;
        const run = runSoFar(
          twin.runId,
          first.timeMs,
          log.map(({ event }) => event),
        );
        return isFinished(run) && endingOf(run).type !== "failure" ? run : undefined;
      } catch (error) {
        signal.throwIfAborted();
        failed(error);
        return undefined;
      }
    },
  };
}
