import { ProviderFailure } from "../providers/provider-error.js";
import type { Patience } from "./queue.js";

/** What a waiting room is made of. */
export interface WaitingRoomOptions {
  /** How many calls may wait; those beyond are refused. */
  readonly seats: number;
  /** Whose room it is, for messages. */
  readonly what: string;
}

/** A call that wants to be made, on its way past all that it may have to wait for. */
export interface Visitor extends Patience {
  /**
   * Takes a seat if it has none yet: to be called before every wait.
   *
   * @param expectedMs how long the wait will be, for who is refused.
   * @throws ProviderFailure `overloaded` when all seats are taken.
   */
  sit(expectedMs: number): void;
}

/** A visit that is going on. */
export interface Visit extends Visitor {
  /** Whether it had to wait. */
  readonly waited: boolean;
  /** Gives the seat back, if it took one. To be called once. */
  leave(): void;
}

/**
 * Bounds how many calls of a provider wait, whatever for: a limit, the retry budget, a place. A call that goes from one
 * queue to the next keeps its seat. Those who back off before a repeat are not in it: the retry budget bounds them.
 */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  #waiting = 0;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** A call comes in. */
  enter({ signal, leftMs }: Patience): Visit {
    let waited = false;
    return {
      signal,
      leftMs,
      get waited() {
        return waited;
      },
      sit: (expectedMs) => {
        if (waited) return;
        const { seats, what } = this.#options;
        if (this.#waiting >= seats) {
          throw overloaded(`${what}: ${this.#waiting} calls wait already, and no more may`, expectedMs);
        }
        waited = true;
        this.#waiting += 1;
      },
      leave: () => {
        if (waited) this.#waiting -= 1;
      },
    };
  }
}

/** Too many calls wait. The caller is told to come back after `expectedMs`, in 1 to 60 whole seconds. */
export function overloaded(message: string, expectedMs: number): ProviderFailure {
  const seconds = Math.ceil(Math.min(Math.max(expectedMs, 1_000), 60_000) / 1_000);
  return new ProviderFailure({
    reason: "overloaded",
    message,
    retryable: true,
    retryAfterMs: seconds * 1_000,
    failOver: "any",
    repeats: 0,
    blames: "nobody",
  });
}
