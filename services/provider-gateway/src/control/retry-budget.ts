import type { Release } from "./places.js";
import { Queue } from "./queue.js";
import { overloaded, type Visitor } from "./waiting-room.js";

/** How many repeats may run at once. */
export interface RetryBudgetOptions {
  /** Their share of the questions that run. Default: 0.2. */
  readonly share?: number;
  /** So many in any case. Default: 3. */
  readonly floor?: number;
}

/**
 * Bounds the repeats of one provider, so that an upstream in trouble does not get a multiple of its load: at once at most
 * a fifth of the questions that run, rounded down, and three in any case. The rule and its figures are Envoy's `retry_budget`
 * (`budget_percent` 20, `min_retry_concurrency` 3).
 */
export class RetryBudget {
  readonly #share: number;
  readonly #floor: number;
  readonly #queue = new Queue<Release>();
  #questions = 0;
  #repeats = 0;

  constructor({ share = 0.2, floor = 3 }: RetryBudgetOptions = {}) {
    this.#share = share;
    this.#floor = floor;
  }

  /** A question begins. Call the result when it is over. */
  began(): Release {
    this.#questions += 1;
    this.#serve();
    return once(() => {
      this.#questions -= 1;
    });
  }

  /** The leave to repeat; undefined when there is none. Call the result when the repeat, or the wait before it, is over. */
  tryRepeat(): Release | undefined {
    return this.#hasRoom && this.#queue.size === 0 ? this.#repeat() : undefined;
  }

  /**
   * The leave to repeat as soon as there is one, first come, first served.
   *
   * @throws ProviderFailure `overloaded` when too many calls wait, or when the time is up; `canceled`.
   */
  async repeat(visitor: Visitor): Promise<Release> {
    const leave = this.tryRepeat();
    if (leave !== undefined) return leave;
    visitor.sit(0);
    const end = await this.#queue.wait(1, visitor);
    if (end.kind === "served") return end.grant;
    throw overloaded("as many calls are repeated at once as may be", 0);
  }

  get #hasRoom(): boolean {
    return this.#repeats < Math.max(this.#floor, Math.floor(this.#share * this.#questions));
  }

  #repeat(): Release {
    this.#repeats += 1;
    return once(() => {
      this.#repeats -= 1;
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#queue.size > 0 && this.#hasRoom) this.#queue.serve(this.#repeat());
  }
}

function once(end: () => void): Release {
  let over = false;
  return () => {
    if (over) return;
    over = true;
    end();
  };
}
