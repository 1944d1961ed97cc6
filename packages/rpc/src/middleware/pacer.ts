/** How many messages may follow each other without the event loop turning. */
const burst = 16;

/**
 * Lets the event loop turn now and then while a stream is written in one go. Without it a generator that never waits
 * starves timers and sockets, and its first message leaves after its last one was made.
 */
export class Pacer {
  #credit = burst;
  #resume: (() => void) | undefined;

  /** A message passed. */
  spend(): void {
    this.#credit -= 1;
    if (this.#credit === 0) setImmediate(this.#refill);
  }

  /** Whether the next message must wait. */
  get mustWait(): boolean {
    return this.#credit <= 0;
  }

  /** Waits until the event loop has turned. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      if (this.mustWait) this.#resume = resolve;
      else resolve();
    });
  }

  readonly #refill = (): void => {
    this.#credit = burst;
    this.#resume?.();
    this.#resume = undefined;
  };
}
