/** How many calls may be hedged. */
export interface HedgeBudgetOptions {
  /** Their share of all calls. Default: 0.1. */
  readonly share?: number;
  /** So many in any case. Default: 3. */
  readonly floor?: number;
  /** So many at most after calls that needed none. Default: 10. */
  readonly saved?: number;
}

/**
 * Bounds the calls that are made twice in this process: each call earns a tenth of a hedge. So of n calls at most n / 10
 * are hedged, and three. Saving them up is bounded: an upstream that was well for long is not asked twice for everything
 * once it is slow. (The bucket is that of Finagle's `RetryBudget`.)
 */
export class HedgeBudget {
  readonly #share: number;
  readonly #saved: number;
  #left: number;

  constructor({ share = 0.1, floor = 3, saved = 10 }: HedgeBudgetOptions = {}) {
    this.#share = share;
    this.#saved = saved;
    this.#left = floor;
  }

  /** A member is asked. */
  called(): void {
    this.#left = Math.min(this.#saved, this.#left + this.#share);
  }

  /** Takes the leave to hedge one call. False when there is none. */
  take(): boolean {
    // Ten tenths are a little less than one.
    if (this.#left < 1 - 1e-9) return false;
    this.#left -= 1;
    return true;
  }
}
