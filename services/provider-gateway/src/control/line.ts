import type { LimitStates } from "../providers/codec.js";
import type { ProviderError } from "../providers/provider-error.js";
import { Breaker, type Permit } from "./breaker.js";
import type { KeyState, ProviderKey } from "./key-ring.js";
import { type LimitOptions, Limits, type Taken } from "./limits.js";

/** What keeps a line from being used now. */
export type Obstacle =
  | {
      /** It opens by itself: waiting helps. */
      readonly kind: "limited";
      readonly waitMs: number;
    }
  | {
      /** It failed too often, or its key was refused: nothing is sent. */
      readonly kind: "shut";
      readonly error: ProviderError;
    };

/** What a line is made of. */
export interface LineOptions extends LimitOptions {
  readonly key: KeyState;
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
}

/** The leave to make one call on a line. Its end is told once: by `succeeded`, `failed` or `left`. */
export interface Pass {
  readonly key: ProviderKey;
  /** The head of the answer is there. */
  observed(states: LimitStates | null): void;
  /** The first token is there: a line that was being tried is open again. */
  began(): void;
  succeeded(): void;
  failed(error: ProviderError): void;
  /** The caller left, or the call was never made. */
  left(options?: { readonly unsent: boolean }): void;
}

/** A model with one key: what the provider did to its calls decides whether more are made. */
export class Line {
  readonly key: KeyState;
  readonly breaker: Breaker;
  readonly #limits: Limits;
  readonly #failures: number;
  #lastError: ProviderError | undefined;
  #running = 0;

  constructor(options: LineOptions) {
    this.key = options.key;
    this.#limits = new Limits(options);
    this.#failures = options.breakerFailures;
    this.breaker = new Breaker({
      failures: options.breakerFailures,
      openMs: options.breakerOpenMs,
      now: options.now,
    });
  }

  /** Calls that are going on. */
  get running(): number {
    return this.#running;
  }

  /** What keeps a call of so many tokens from being made now; undefined when nothing does. */
  obstacle(tokens: number): Obstacle | undefined {
    const { refusal } = this.key;
    if (refusal !== undefined) return { kind: "shut", error: refusal };
    const breakerMs = this.breaker.waitMs();
    if (breakerMs > 0) return { kind: "shut", error: this.#broken(breakerMs) };
    const waitMs = Math.max(this.#limits.waitMs(tokens), this.key.limits.waitMs(tokens));
    return waitMs > 0 ? { kind: "limited", waitMs } : undefined;
  }

  /** Takes the leave to make a call of so many tokens, if nothing keeps it from being made. */
  enter(tokens: number): Pass | undefined {
    if (this.obstacle(tokens) !== undefined) return undefined;
    const permit = this.breaker.enter();
    if (permit === undefined) return undefined;
    this.#running += 1;
    this.key.used();
    return this.#pass(permit, this.#limits.take(tokens), this.key.limits.take(tokens));
  }

  #pass(permit: Permit, taken: Taken, takenOfKey: Taken): Pass {
    let over = false;
    const once = (end: () => void): void => {
      if (over) return;
      over = true;
      this.#running -= 1;
      end();
      this.#limits.settle(taken);
      this.key.limits.settle(takenOfKey);
    };
    return {
      key: this.key.key,
      observed: (states) => {
        if (states !== null) this.#limits.observe(taken, states);
      },
      began: () => {
        this.key.accepted();
        if (this.breaker.state === "half_open") permit.succeeded();
      },
      succeeded: () =>
        once(() => {
          this.key.accepted();
          permit.succeeded();
        }),
      failed: (error) => once(() => this.#failed(error, permit)),
      left: ({ unsent } = { unsent: false }) =>
        once(() => {
          permit.abandoned();
          if (!unsent) return;
          this.#limits.giveBack(taken);
          this.key.limits.giveBack(takenOfKey);
        }),
    };
  }

  #failed(error: ProviderError, permit: Permit): void {
    switch (error.blames) {
      case "target":
        this.#lastError = error;
        permit.failed();
        return;
      case "key":
        this.key.refused(error);
        permit.abandoned();
        return;
      case "key_limit":
        if (error.retryAfterMs !== undefined) this.key.limits.closeFor(error.retryAfterMs);
        break;
      case "model_limit":
        if (error.retryAfterMs !== undefined) this.#limits.closeFor(error.retryAfterMs);
        break;
      case "nobody":
        break;
      default:
        error.blames satisfies never;
    }
    // Whoever answers so is alive.
    this.key.accepted();
    permit.succeeded();
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
