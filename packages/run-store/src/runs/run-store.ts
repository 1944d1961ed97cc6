import type { RunEvent } from "@synod/consensus";

/** An event in its place in the log. */
export interface LoggedEvent {
  /** The position in its run, from 1, without gaps. */
  readonly seq: number;
  /** When it was appended, in milliseconds since 1970, by the clock of the process that did. */
  readonly timeMs: number;
  readonly event: RunEvent;
}

/** A run that is to be logged. */
export interface NewRun {
  readonly runId: string;
  /** The id of the key that wants it. Empty when unset: it belongs to everyone. */
  readonly owner?: string | undefined;
  /**
   * Whether an event is stored before it counts. Otherwise events are stored a moment later, and nothing waits for
   * that. False when unset.
   */
  readonly durable?: boolean | undefined;
  /** The key that its caller named to have it carried out once. */
  readonly idempotencyKey?: string | undefined;
  /** The request that wants it, as JSON without secrets. */
  readonly request?: string | undefined;
  /** A hash of that request, so that the same one is found again. */
  readonly requestHash?: string | undefined;
}

/** The log of one run while it goes on. One event is appended at a time. */
export interface RunLog {
  /**
   * Puts an event at the end: `run_started` first, `run_finished` last. When it rejects, nothing was appended, but for
   * a database that broke off while it wrote.
   *
   * @throws RunStoreFullError when a new run has no room. The events of a run that was accepted always have.
   * @throws RunLogError for an event out of place.
   * @throws StorageError when the run is durable and the event could not be stored.
   */
  append(event: RunEvent): Promise<LoggedEvent>;
  /** Aborts when somebody asks for the end of the run, in this process or in another. */
  readonly cancelled: AbortSignal;
}

/** Where a run is. */
export type RunStatus = "running" | "completed" | "failed" | "cancelled";

/** A run in a list of runs. */
export interface RunSummary {
  readonly runId: string;
  /** The id of the key that wanted it, empty for everyone. */
  readonly owner: string;
  readonly preset: string;
  readonly status: RunStatus;
  /**
   * Whether its log ends before the run did: the process that carried it out is gone, or the rest could not be stored.
   * Its status is `failed` then.
   */
  readonly incomplete: boolean;
  /** When it began, in milliseconds since 1970. */
  readonly startTimeMs: number;
  /** When it ended, in milliseconds since 1970. Undefined while it goes on, and when nobody knows. */
  readonly finishTimeMs: number | undefined;
  /** How many events it has, 1 or more. */
  readonly events: number;
  readonly idempotencyKey: string | undefined;
}

/** A run with everything that is kept of it. */
export interface StoredRun extends RunSummary {
  /** The request that wanted it, as JSON; undefined when it was not given. */
  readonly request: string | undefined;
  /** In their order, all that are stored so far. */
  readonly log: readonly LoggedEvent[];
}

/** Which runs are wanted. What is unset chooses nothing. */
export interface RunQuery {
  readonly owner?: string | undefined;
  readonly status?: RunStatus | undefined;
  readonly preset?: string | undefined;
  /** The earliest start, in milliseconds since 1970. */
  readonly since?: number | undefined;
  /** All starts are before it, in milliseconds since 1970. */
  readonly before?: number | undefined;
  /** How many at most, 1 or more. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A part of a list of runs. */
export interface RunPage {
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  /** For the next page; undefined at the end. */
  readonly nextCursor: string | undefined;
}

/** What a request looks like that may have come before. */
export interface Twin {
  readonly owner: string;
  readonly requestHash: string;
  /** How old it may be, in milliseconds. */
  readonly withinMs: number;
}

/** Where to read a run from. */
export interface TailOptions {
  /** The last event that is known. 0 when unset: from the beginning. */
  readonly after?: number;
  readonly signal: AbortSignal;
}

/**
 * The run log: for each run the list of its events, from `run_started` to `run_finished`.
 *
 * What this process has appended is seen by its own readers at once, by those of other processes when it is stored.
 */
export interface RunStore {
  /**
   * Begins the log of a run. Nothing is written before its first event, and nothing is waited for.
   *
   * @throws StorageError when runs cannot be stored at the moment: the run must not begin.
   */
  begin(run: NewRun): RunLog;
  /** The events of a run in their order; none for a run that is unknown or was deleted. */
  read(runId: string): Promise<readonly LoggedEvent[]>;
  /** How a run stands; undefined when it is unknown, was deleted, or belongs to another owner than `owner`. */
  about(runId: string, owner?: string): Promise<RunSummary | undefined>;
  /** A run with everything; undefined as for `about`. */
  find(runId: string, owner?: string): Promise<StoredRun | undefined>;
  /**
   * Runs, the newest first.
   *
   * @throws CursorError for a cursor that no page has given.
   */
  list(query: RunQuery): Promise<RunPage>;
  /**
   * The events of a run as they come. Ends after `run_finished`, and when nothing can follow: the run is unknown, or
   * its process is gone. Rejects when `signal` aborts.
   */
  tail(runId: string, options: TailOptions): AsyncIterable<LoggedEvent>;
  /** The newest run for the same request, of those that go on or ended well. */
  findTwin(twin: Twin): Promise<RunSummary | undefined>;
  /**
   * Asks the process that carries out a run to end it, which hears of it within 250 ms. False when no such run goes on,
   * or it belongs to another.
   */
  cancel(runId: string, owner?: string): Promise<boolean>;
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

/** A cursor that no page has given. */
export class CursorError extends Error {
  override readonly name = "CursorError";

  constructor() {
    super("the cursor is not one that a list has given");
  }
}
