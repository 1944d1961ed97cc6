import type { LimitStates } from "../providers/codec.js";
import type { ProviderError } from "../providers/provider-error.js";
import { backoffMs } from "./backoff.js";
import { Breaker, type Permit } from "./breaker.js";
import { type Holding, takeOf } from "./holding.js";
import type { KeyState, ProviderKey } from "./key-ring.js";
import { type LimitOptions, Limits } from "./limits.js";
import type { Visitor } from "./waiting-room.js";

/** What a line is made of. */
export interface LineOptions extends LimitOptions {
  readonly key: KeyState;
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** A call that fits into the limits of its line, and is not made yet. */
export interface Reservation {
  /** The leave to make it; undefined, and the reservation is over, when the line was closed meanwhile. */
  start(): Pass | undefined;
  /** It is not made. Does nothing once it was started. */
  giveBack(): void;
}

/** The leave to make one call on a line. Its end is told once: by `succeeded`, `failed` or `left`. */
export interface Pass {
  readonly key: ProviderKey;
  /** The head of the answer is there. */
  observed(states: LimitStates | null): void;
  /** The first token is there: a line that was being tried is open again. */
  began(): void;
  /** The call did not reach the provider: no limit counts it. Its end is told all the same. */
  unsent(): void;
  succeeded(): void;
  failed(error: ProviderError): void;
  /** The caller left. */
  left(): void;
}

/** How long a tier without room is left alone at least, in milliseconds. */
const tierFullMs = 10_000;

/** A model with one key: what the provider did to its calls decides whether more are made. */
export class Line {
  readonly key: KeyState;
  readonly breaker: Breaker;
  readonly #limits: Limits;
  readonly #failures: number;
  readonly #now: () => number;
  readonly #random: () => number;
  #tierFullUntil = 0;
  #lastError: ProviderError | undefined;
  #held = 0;

  constructor(options: LineOptions) {
    this.key = options.key;
    this.#limits = new Limits(options);
    this.#failures = options.breakerFailures;
    this.#now = options.now;
    this.#random = options.random;
    this.breaker = new Breaker({
      failures: options.breakerFailures,
      openMs: options.breakerOpenMs,
      now: options.now,
    });
  }

  /** Calls that wait for the model's limit, have a reservation or are going on. */
  get calls(): number {
    return this.#limits.waiting + this.#held;
  }

  /** Why nothing is sent: it failed too often, or its key was refused. Undefined when it may be asked. */
  get shut(): ProviderError | undefined {
    const { refusal } = this.key;
    if (refusal !== undefined) return refusal;
    const waitMs = this.breaker.waitMs();
    return waitMs > 0 ? this.#broken(waitMs) : undefined;
  }

  /** Whether the provider's cheap tier had no room a moment ago. */
  get isTierFull(): boolean {
    return this.#now() < this.#tierFullUntil;
  }

  /** Milliseconds until a new call of so many tokens fits into its limits, after all that wait already. */
  waitMs(tokens: number): number {
    return Math.max(this.#limits.waitMs(tokens), this.key.limits.waitMs(tokens));
  }

  /**
   * Waits until a call of so many tokens fits into its limits.
   *
   * @returns undefined when it would wait in vain by now, and is to look for another line.
   * @throws ProviderFailure as `Limits.take`.
   */
  async reserve(tokens: number, visitor: Visitor): Promise<Reservation | undefined> {
    const holding = await takeOf(this.#limits, this.key.limits, tokens, visitor);
    if (holding === undefined) return undefined;
    this.#held += 1;
    let over = false;
    const giveBack = (): void => {
      if (over) return;
      over = true;
      this.#held -= 1;
      holding.giveBack();
    };
    return {
      giveBack,
      start: () => {
        const permit = this.#isClosed ? undefined : this.breaker.enter();
        if (permit === undefined) {
          giveBack();
          return undefined;
        }
        over = true;
        this.key.used();
        return this.#pass(permit, holding);
      },
    };
  }

  get #isClosed(): boolean {
    return this.#limits.isClosed || this.key.limits.isClosed || this.key.refusal !== undefined;
  }

  #pass(permit: Permit, holding: Holding): Pass {
    let over = false;
    const once = (end: () => void): void => {
      if (over) return;
      over = true;
      this.#held -= 1;
      end();
      holding.settle();
    };
    return {
      key: this.key.key,
      observed: (states) => {
        if (states !== null) holding.observe(states);
      },
      began: () => {
        this.key.accepted();
        if (this.breaker.state === "half_open") permit.succeeded();
      },
      unsent: () => holding.giveBack(),
      succeeded: () =>
        once(() => {
          this.key.accepted();
          permit.succeeded();
        }),
      failed: (error) => once(() => this.#failed(error, permit)),
      left: () => once(() => permit.abandoned()),
    };
  }

  #failed(error: ProviderError, permit: Permit): void {
    switch (error.blames) {
      case "target":
        this.#lastError = error;
        permit.failed();
        if (this.breaker.state === "open") this.#limits.sendAway();
        return;
      case "key":
        this.key.refused(error);
        this.#limits.sendAway();
        permit.abandoned();
        return;
      case "key_limit":
        this.#close(this.key.limits, error);
        break;
      case "model_limit":
        this.#close(this.#limits, error);
        break;
      case "nobody":
        if (error.tierFull === true) {
          this.#tierFullUntil = this.#now() + Math.max(error.retryAfterMs ?? 0, tierFullMs);
        }
        break;
      default:
        error.blames satisfies never;
    }
    // Whoever answers so is alive.
    this.key.accepted();
    permit.succeeded();
  }

  #close(limits: Limits, { retryAfterMs }: ProviderError): void {
    if (retryAfterMs !== undefined) limits.closeFor(backoffMs(retryAfterMs, 0, this.#random));
  }

  #broken(waitMs: number): ProviderError {
    const last = this.#lastError;
    const seconds = Math.ceil(waitMs / 1_000);
    return {
      reason: last?.reason ?? "upstream_error",
      message: `not asked, for it failed ${this.#failures} times in a row, and is tried again in ${seconds} s. The last time: ${last?.message ?? "unknown"}`,
      retryable: true,
      retryAfterMs: Math.ceil(waitMs),
      failOver: "any",
      repeats: 0,
      blames: "nobody",
      ...(last?.httpStatus !== undefined && { httpStatus: last.httpStatus }),
    };
  }
}
