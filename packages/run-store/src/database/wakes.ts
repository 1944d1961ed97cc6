import type { Clock } from "../clock.js";

/** Who waits for news of a topic, such as a run. News can be missed, so whoever waits looks again from time to time. */
export interface Watch extends Disposable {
  /** Resolves at the next news since the last call, and after a while without any. Rejects when `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** Tells those who wait about what happened in this process, and in others where they can be heard. */
export class Wakes {
  readonly #hearing = new Map<string, Set<() => void>>();
  readonly #clock: Clock;
  readonly #lookAgainMs: () => number;

  /** @param lookAgainMs after how many milliseconds without news a watch looks again. */
  constructor(clock: Clock, lookAgainMs: () => number) {
    this.#clock = clock;
    this.#lookAgainMs = lookAgainMs;
  }

  /** There is news of a topic. */
  wake(topic: string): void {
    for (const hear of [...(this.#hearing.get(topic) ?? [])]) hear();
  }

  /** There may be news of every topic. */
  wakeAll(): void {
    for (const topic of [...this.#hearing.keys()]) this.wake(topic);
  }

  /** Calls `hear` at every news of a topic. The function that it gives ends that. */
  on(topic: string, hear: () => void): () => void {
    const hearing = this.#hearing.get(topic) ?? new Set();
    this.#hearing.set(topic, hearing.add(hear));
    return () => {
      hearing.delete(hear);
      if (hearing.size === 0) this.#hearing.delete(topic);
    };
  }

  /** Begins to listen. News from now on is not missed between two calls of `next`. */
  watch(topic: string): Watch {
    let news = false;
    let waiting: (() => void) | undefined;
    const stop = this.on(topic, () => {
      news = true;
      waiting?.();
    });
    return {
      next: async (signal) => {
        signal.throwIfAborted();
        if (!news) await this.#wait(signal, (end) => (waiting = end));
        waiting = undefined;
        news = false;
      },
      [Symbol.dispose]: stop,
    };
  }

  /** Waits for a while, for whoever calls what `expose` is given, or for `signal`. */
  #wait(signal: AbortSignal, expose: (end: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopTimer();
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        stopTimer();
        reject(signal.reason);
      };
      const stopTimer = this.#clock.after(this.#lookAgainMs(), end);
      signal.addEventListener("abort", leave, { once: true });
      expose(end);
    });
  }
}
