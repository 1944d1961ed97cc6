/** The time, and waiting. Tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. It may jump. */
  now(): number;
  /** Milliseconds since some moment. It never jumps. */
  elapsed(): number;
  /** Calls `task` once after `ms` milliseconds. The function that it gives stops that. */
  after(ms: number, task: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
