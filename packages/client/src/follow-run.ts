import type { LoggedEvent } from "./events.js";
import { SynodClientError } from "./error.js";
import { delayAfter, wait } from "./repeat.js";

/** How often in a row a connection is made anew before that is given up. */
const maxReconnects = 6;

/** How the events of a run are read. */
export interface Following {
  /** The last event that is known; 0 for none. */
  readonly afterSeq: number;
  readonly signal: AbortSignal;
  /** Reads the events after one. */
  open(afterSeq: number): AsyncIterable<LoggedEvent>;
}

/**
 * The events of a run to its end. A connection that breaks after it had brought something is made anew, from the last
 * event on, so that none is missed and none comes twice.
 */
export async function* followRun(following: Following): AsyncGenerator<LoggedEvent, void, undefined> {
  let seq = following.afterSeq;
  let failures = 0;
  let hasBegun = false;
  for (;;) {
    try {
      for await (const logged of following.open(seq)) {
        hasBegun = true;
        failures = 0;
        seq = logged.seq;
        yield logged;
      }
      return;
    } catch (error) {
      failures += 1;
      if (!hasBegun || failures > maxReconnects || !isPassing(error)) throw error;
      await wait(error.retryAfterMs ?? delayAfter(failures), following.signal);
    }
  }
}

/** Whether the same can succeed in a moment. After a deadline it is the caller who waits no longer. */
function isPassing(error: unknown): error is SynodClientError {
  return error instanceof SynodClientError && error.retryable && error.code !== "deadline_exceeded";
}
