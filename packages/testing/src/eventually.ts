/** How to wait for a condition. */
export interface EventuallyOptions {
  /** Milliseconds after which waiting is given up. 1,000 when unset. */
  readonly withinMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

const pauseMs = 2;

/**
 * Looks again and again until a condition holds.
 *
 * @throws Error when it does not hold in time.
 */
export async function eventually(condition: () => boolean, options: EventuallyOptions = {}): Promise<void> {
  const { withinMs = 1000, what = "the condition" } = options;
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not hold within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
