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
  #questions = 0;
  #repeats = 0;

  constructor({ share = 0.2, floor = 3 }: RetryBudgetOptions = {}) {
    this.#share = share;
    this.#floor = floor;
  }

  /** A question begins. Call the result when it is over. */
  began(): () => void {
    this.#questions += 1;
    return once(() => {
      this.#questions -= 1;
    });
  }

  /** The leave to repeat; undefined when there is none. Call the result when the repeat, its wait included, is over. */
  tryRepeat(): (() => void) | undefined {
    const most = Math.max(this.#floor, Math.floor(this.#share * this.#questions));
    if (this.#repeats >= most) return undefined;
    this.#repeats += 1;
    return once(() => {
      this.#repeats -= 1;
    });
  }
}

function once(end: () => void): () => void {
  let over = false;
  return () => {
    if (over) return;
    over = true;
    end();
  };
}
