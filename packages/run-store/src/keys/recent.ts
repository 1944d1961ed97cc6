import type { Clock } from "../clock.js";

/** What is remembered. */
export interface RecentOptions {
  readonly clock: Clock;
  /** For how many milliseconds. */
  readonly freshMs: number;
  /** How many answers at most. The oldest are forgotten. */
  readonly max: number;
}

/** Remembers answers for a moment. Those who ask for the same at once share one. A failure is not remembered. */
export class Recent<K, V> {
  readonly #options: RecentOptions;
  readonly #answers = new Map<K, { readonly since: number; readonly value: Promise<V> }>();

  constructor(options: RecentOptions) {
    this.#options = options;
  }

  get(key: K, ask: () => Promise<V>): Promise<V> {
    const { clock, freshMs, max } = this.#options;
    const since = clock.elapsed();
    const known = this.#answers.get(key);
    if (known !== undefined && since - known.since < freshMs) return known.value;
    this.#answers.delete(key);
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size >= max) this.#answers.delete(oldest);
    const value = ask();
    const answer = { since, value };
    this.#answers.set(key, answer);
    value.catch(() => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return value;
  }

  clear(): void {
    this.#answers.clear();
  }
}
