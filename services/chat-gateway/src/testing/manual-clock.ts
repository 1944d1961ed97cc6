import type { Clock } from "../clock.js";

/** A clock whose timers fire when the test says so. */
export interface ManualClock extends Clock {
  /** How many timers wait. */
  readonly waiting: number;
  /** Fires every timer that waits and was set for so many milliseconds at most. All of them when unset. */
  fire(withinMs?: number): void;
}

/** Makes a clock that stands still. */
export function createManualClock(): ManualClock {
  const waiting = new Map<() => void, number>();
  return {
    now: () => 1_800_000_000_000,
    elapsed: () => 0,
    get waiting() {
      return waiting.size;
    },
    after(ms, task) {
      const timer = (): void => task();
      waiting.set(timer, ms);
      return () => waiting.delete(timer);
    },
    fire(withinMs = Infinity) {
      for (const [timer, ms] of [...waiting]) {
        if (ms > withinMs) continue;
        waiting.delete(timer);
        timer();
      }
    },
  };
}
