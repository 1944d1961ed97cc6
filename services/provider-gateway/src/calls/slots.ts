import { callerLeft, ProviderFailure } from "../providers/provider-error.js";

/** Gives a slot back. Doing so twice does nothing. */
export type Release = () => void;

const retryAfterMs = 1_000;
const busy = "the provider is asked as often at once as its settings allow";

interface Waiter {
  readonly grant: () => void;
}

/** Bounds how many calls run at once, and how many wait for that. First come, first served. */
export class Slots {
  readonly #most: number;
  readonly #mostWaiting: number;
  #taken = 0;
  readonly #waiting = new Set<Waiter>();

  /** `most`: calls at once, unlimited when undefined. `mostWaiting`: those beyond it are refused. */
  constructor(most: number | undefined, mostWaiting = 256) {
    this.#most = most ?? Infinity;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Takes a slot, waiting for one at most `waitMs`.
   *
   * @throws ProviderFailure `overloaded` when too many wait already, or none came free in time; `canceled` when the
   *   caller leaves.
   */
  async take(signal: AbortSignal, waitMs: number): Promise<Release> {
    if (signal.aborted) throw new ProviderFailure(callerLeft());
    if (this.#taken < this.#most) this.#taken += 1;
    else await this.#wait(signal, waitMs);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#handOn();
    };
  }

  async #wait(signal: AbortSignal, waitMs: number): Promise<void> {
    if (this.#waiting.size >= this.#mostWaiting) throw overloaded();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = (): void => {
        leave();
        reject(new ProviderFailure(callerLeft()));
      };
      const timer = setTimeout(() => {
        leave();
        reject(overloaded());
      }, waitMs);
      const waiter: Waiter = {
        grant: () => {
          leave();
          resolve();
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", onAbort);
    });
  }

  #handOn(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken -= 1;
    else next.grant();
  }
}

function overloaded(): ProviderFailure {
  return new ProviderFailure({
    reason: "overloaded",
    message: busy,
    retryable: true,
    retryAfterMs,
    failOver: "any",
  });
}
