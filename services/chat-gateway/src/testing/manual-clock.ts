import type { Clock } from "../clock.js";

/** A clock whose timers fire when the test says so. */
export interface ManualClock extends Clock {
  /** How many timers wait. */
  readonly waiting: number;
  /** Fires every timer that waits. */
  fire(): void;
}

/** Makes a clock that stands still. */
export function createManualClock(): ManualClock {
  const waiting = new Set<() => void>();
  return {
    now: () => 1_800_000_000_000,
    elapsed: () => 0,
    get waiting() {
      return waiting.size;
    },
    after(_ms, task) {
      waiting.add(task);
      return () => waiting.delete(task);
    },
    fire() {
      for (const task of [...waiting]) {
        waiting.delete(task);
        task();
      }
    },
  };
}
