/** How much is remembered. */
export interface LatencyOptions {
  /** Answers that are remembered of one model. Default: 100. */
  readonly answers?: number;
  /** Answers that a percentile needs. Default: 20. */
  readonly needed?: number;
  /** Models that are remembered; the one that was not heard of for longest is forgotten. Default: 1,000. */
  readonly models?: number;
}

/** How long models took for their last answers. */
export class Latencies {
  readonly #answers: number;
  readonly #needed: number;
  readonly #models: number;
  readonly #byModel = new Map<string, readonly number[]>();

  constructor({ answers = 100, needed = 20, models = 1_000 }: LatencyOptions = {}) {
    this.#answers = answers;
    this.#needed = needed;
    this.#models = models;
  }

  /** A model took so many milliseconds for an answer, or had not answered by then. */
  note(model: string, latencyMs: number): void {
    const known = this.#byModel.get(model) ?? [];
    // The map is in the order of insertion: whoever is heard of goes to its end.
    this.#byModel.delete(model);
    this.#byModel.set(model, [...known, latencyMs].slice(-this.#answers));
    const [oldest] = this.#byModel.keys();
    if (this.#byModel.size > this.#models && oldest !== undefined) this.#byModel.delete(oldest);
  }

  /** The milliseconds that 95 % of a model's last answers did not exceed. Undefined while too few are known. */
  p95(model: string): number | undefined {
    const known = this.#byModel.get(model) ?? [];
    if (known.length < this.#needed) return undefined;
    return known.toSorted((a, b) => a - b)[Math.ceil(known.length * 0.95) - 1];
  }
}
