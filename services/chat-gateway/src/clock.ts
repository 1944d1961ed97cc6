/** The time, and waiting. Tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. It may jump. */
  now(): number;
  /** Milliseconds since some moment. It never jumps: durations and deadlines are measured with it. */
  elapsed(): number;
  /** Calls `task` once after `ms` milliseconds. The function that it gives stops that. */
  after(ms: number, task: () => void): () => void;
}

/** Waits; ends early when the signal fires. */
export function waited(ms: number, clock: Pick<Clock, "after">, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end);
  });
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
