import type { Clock } from "../clock.js";

/** A clock that moves when the test says so. */
export interface ManualClock extends Clock {
  /** Moves it, and runs what is due on the way. */
  advance(ms: number): void;
  /** A clock of another process at the same time, whose timers never run: it hangs, or is gone. */
  stopped(): Clock;
}

/** Makes a clock that stands at noon of 28 November 2026, UTC, unless said otherwise. */
export function createManualClock(start = Date.UTC(2026, 10, 28, 12)): ManualClock {
  let time = start;
  const waiting = new Set<{ readonly at: number; readonly task: () => void }>();
  const now = (): number => time;
  return {
    now,
    elapsed: now,
    after(ms, task) {
      const entry = { at: time + ms, task };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        waiting.delete(next);
        time = Math.max(time, next.at);
        next.task();
      }
      time = end;
    },
    stopped: () => ({ now, elapsed: now, after: () => () => {} }),
  };
}
