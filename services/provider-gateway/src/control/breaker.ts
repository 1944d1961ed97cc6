/** What a breaker is made of. */
export interface BreakerOptions {
  /** How many failures in a row open it. */
  readonly failures: number;
  /** How long it lets nothing through, in milliseconds. */
  readonly openMs: number;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
}

/** `closed` lets calls through, `open` none, `half_open` the one that tries whether it is over. */
export type BreakerState = "closed" | "open" | "half_open";

/** The leave to make one call. The first end that is told counts; others do nothing. */
export interface Permit {
  succeeded(): void;
  failed(): void;
  /** The call said nothing of the upstream: its caller left. */
  abandoned(): void;
}

/**
 * A circuit breaker (M. Nygard, "Release It!"): after several failures in a row it lets nothing through for a while,
 * then a single call.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  /** Rises with every change of state, so that the end of an older call changes nothing. */
  #era = 0;
  #failures = 0;
  /** When one may try; undefined while it is closed. */
  #tryAt: number | undefined;
  #trying = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    if (this.#tryAt === undefined) return "closed";
    return this.#trying ? "half_open" : "open";
  }

  /** Milliseconds until a call may try, 0 when one may now. While one tries, nobody knows: as long as it stays open. */
  waitMs(): number {
    if (this.#tryAt === undefined) return 0;
    if (this.#trying) return this.#options.openMs;
    return Math.max(0, this.#tryAt - this.#options.now());
  }

  /** The leave to make a call now; undefined when there is none. */
  enter(): Permit | undefined {
    if (this.waitMs() > 0) return undefined;
    if (this.#tryAt !== undefined) this.#trying = true;
    const era = this.#era;
    let told = false;
    const tell = (end: () => void) => (): void => {
      if (told) return;
      told = true;
      if (era === this.#era) end();
    };
    return {
      succeeded: tell(() => this.#succeeded()),
      failed: tell(() => this.#failed()),
      abandoned: tell(() => {
        this.#trying = false;
      }),
    };
  }

  #succeeded(): void {
    this.#failures = 0;
    if (this.#tryAt === undefined) return;
    this.#tryAt = undefined;
    this.#trying = false;
    this.#era += 1;
  }

  #failed(): void {
    this.#failures += 1;
    if (this.#tryAt === undefined && this.#failures < this.#options.failures) return;
    this.#tryAt = this.#options.now() + this.#options.openMs;
    this.#trying = false;
    this.#era += 1;
  }
}
