import type { RunEvent } from "@synod/consensus";
import type { LogProgress } from "./log-place.js";
import type { NewRun } from "./run-store.js";

/** A run of this process whose log is not at its end. */
export interface LiveRun {
  readonly run: NewRun;
  readonly cancel: AbortController;
  progress: LogProgress;
  /** The position of the event that was appended last. */
  seq: number;
  /** Whether nobody knows if the last event was stored: the database broke off. */
  unsure: boolean;
  /** Whether nothing more of it is stored. */
  dropped: boolean;
}

/** Something about a run that waits to be stored. */
export interface Entry {
  readonly live: LiveRun;
  /** When it was appended, in milliseconds since 1970. */
  readonly timeMs: number;
  /** Undefined for the note that no more will follow, though the run has not ended. */
  readonly event: RunEvent | undefined;
  /** The position in its run. 0 while it has none, and for a note. */
  seq: number;
  /** Its texts, in UTF-16 units. */
  readonly size: number;
  /** Whoever waits until it is stored. */
  readonly waiting?: {
    /** It is stored in this position. */
    stored(seq: number): void;
    /** It is not stored, as far as anyone knows. */
    failed(error: unknown): void;
  };
}

/** Makes the state of a run that has not begun. */
export function newLiveRun(run: NewRun): LiveRun {
  const cancel = new AbortController();
  return { run, cancel, progress: "new", seq: 0, unsure: false, dropped: false };
}
