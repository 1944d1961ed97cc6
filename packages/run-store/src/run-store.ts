import type { RunEvent } from "@synod/consensus";

/** An event in its place in the log. */
export interface LoggedEvent {
  /** The position in its run, from 1, without gaps. */
  readonly seq: number;
  /** When it was appended, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly event: RunEvent;
}

/** A run in a list of runs. */
export interface RunSummary {
  readonly runId: string;
  /** When its first event was appended, in milliseconds since 1970. */
  readonly startTimeMs: number;
  readonly finished: boolean;
  /** How many events it has, 1 or more. */
  readonly events: number;
}

/**
 * The run log: for each run the list of its events, from `run_started` to `run_finished`. Nothing else is kept about a
 * run.
 */
export interface RunStore {
  /**
   * Puts an event at the end of a run. `run_started` makes the run.
   *
   * @throws RunStoreFullError when a new run has no room. The events of a run that was accepted always have.
   * @throws RunLogError for an event out of place: a second `run_started`, or one of a run that is unknown or finished.
   */
  append(runId: string, event: RunEvent): Promise<LoggedEvent>;
  /** The events of a run in their order; none for a run that is unknown or was dropped to make room. */
  read(runId: string): Promise<readonly LoggedEvent[]>;
  /** The newest runs first, at most `limit` of them, 1 or more. */
  list(limit: number): Promise<readonly RunSummary[]>;
}

/** The log is full of runs that are still going on. Nothing was written. */
export class RunStoreFullError extends Error {
  override readonly name = "RunStoreFullError";

  constructor() {
    super("the run log is full of runs that are going on");
  }
}

/** An event was appended where it has no place. Nothing was written. */
export class RunLogError extends Error {
  override readonly name = "RunLogError";
}
