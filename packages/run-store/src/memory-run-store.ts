import type { RunEvent } from "@synod/consensus";
import {
  type LoggedEvent,
  RunLogError,
  type RunStore,
  RunStoreFullError,
  type RunSummary,
} from "./run-store.js";
import { textSize } from "./text-size.js";

/** How much a run log in memory holds. Each limit is 1 or more. */
export interface MemoryRunStoreOptions {
  /** Runs, those that go on included. 2,000 when unset. */
  readonly maxRuns?: number;
  /** Events of all runs. 50,000 when unset. */
  readonly maxEvents?: number;
  /** Length of all texts of all events, in UTF-16 units. 64 Mi when unset. */
  readonly maxText?: number;
  /** The time in milliseconds since 1970. `Date.now` when unset. */
  readonly now?: () => number;
}

interface Run {
  readonly runId: string;
  readonly events: LoggedEvent[];
  readonly startTimeMs: number;
  finished: boolean;
  text: number;
}

/**
 * Makes a run log that lives in memory and is lost with the process.
 *
 * When a limit is passed, the runs that finished first are dropped. A run that goes on is never dropped: when such runs
 * alone fill the log, new ones are refused.
 */
export function createMemoryRunStore(options: MemoryRunStoreOptions = {}): RunStore {
  const { maxRuns = 2_000, maxEvents = 50_000, maxText = 64 * 1024 * 1024, now = Date.now } = options;
  const runs = new Map<string, Run>();
  // In the order in which they finished.
  const finished = new Set<Run>();
  let events = 0;
  let text = 0;

  const isOver = (): boolean => runs.size > maxRuns || events > maxEvents || text > maxText;

  function makeRoom(): void {
    for (const run of finished) {
      if (!isOver()) return;
      finished.delete(run);
      runs.delete(run.runId);
      events -= run.events.length;
      text -= run.text;
    }
  }

  function write(run: Run, event: RunEvent): LoggedEvent {
    const logged = { seq: run.events.length + 1, timeMs: now(), event };
    const size = textSize(event);
    run.events.push(logged);
    run.text += size;
    events += 1;
    text += size;
    if (event.type === "run_finished") {
      run.finished = true;
      finished.add(run);
    }
    makeRoom();
    return logged;
  }

  function start(runId: string, event: RunEvent): LoggedEvent {
    const run: Run = { runId, events: [], startTimeMs: now(), finished: false, text: 0 };
    runs.set(runId, run);
    const logged = write(run, event);
    if (!isOver()) return logged;
    runs.delete(runId);
    events -= 1;
    text -= run.text;
    throw new RunStoreFullError();
  }

  function append(runId: string, event: RunEvent): LoggedEvent {
    const run = runs.get(runId);
    if (event.type === "run_started") {
      if (run !== undefined) throw new RunLogError(`the run ${runId} has been started before`);
      return start(runId, event);
    }
    if (run === undefined) throw new RunLogError(`the run ${runId} is unknown`);
    if (run.finished) throw new RunLogError(`the run ${runId} is finished`);
    return write(run, event);
  }

  function list(limit: number): RunSummary[] {
    return [...runs.values()]
      .slice(-limit)
      .toReversed()
      .map((run) => ({
        runId: run.runId,
        startTimeMs: run.startTimeMs,
        finished: run.finished,
        events: run.events.length,
      }));
  }

  return {
    append: async (runId, event) => append(runId, event),
    read: async (runId) => runs.get(runId)?.events.slice() ?? [],
    list: async (limit) => list(limit),
  };
}
