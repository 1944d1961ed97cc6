import type { LimitStates } from "../providers/codec.js";
import { type ProviderError, ProviderFailure } from "../providers/provider-error.js";
import { Queue } from "./queue.js";
import { type Ticket, TokenBucket } from "./token-bucket.js";
import type { Visitor } from "./waiting-room.js";

/** What bounds calls from the start. */
export interface LimitOptions {
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** What one call took of the limits. */
export interface Taken {
  readonly requests: Ticket;
  readonly tokens: Ticket;
}

/**
 * Limits of requests and tokens: configured ones, and those that the provider counts down. Who does not fit waits in a
 * queue, first come, first served; who would wait beyond his deadline, those before him counted, is refused at once.
 */
export class Limits {
  readonly #now: () => number;
  readonly #requests: TokenBucket;
  readonly #tokens: TokenBucket;
  readonly #queue = new Queue<Taken>();
  #closedUntil = 0;
  /** Looks at the first in the queue when he should fit. */
  #timer: NodeJS.Timeout | undefined;

  constructor({ now, requestsPerMinute, tokensPerMinute }: LimitOptions) {
    this.#now = now;
    this.#requests = new TokenBucket({ now, ...(requestsPerMinute && { perMinute: requestsPerMinute }) });
    this.#tokens = new TokenBucket({ now, ...(tokensPerMinute && { perMinute: tokensPerMinute }) });
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether the provider named a wait that is not over. */
  get isClosed(): boolean {
    return this.#closedUntil > this.#now();
  }

  /** Milliseconds until a new call of so many tokens fits, after all that wait already; 0 when it does now. */
  waitMs(tokens: number): number {
    return this.#waitOf(tokens, this.#queue.size, this.#queue.wanted);
  }

  /**
   * Takes a call of so many tokens, and waits for it to fit if need be.
   *
   * @returns undefined when it would wait in vain by now, and is to look for another key.
   * @throws ProviderFailure `rate_limit_exceeded` when the wait would be longer than the time left; `overloaded`;
   *   `canceled`.
   */
  async take(tokens: number, visitor: Visitor): Promise<Taken | undefined> {
    const waitMs = this.waitMs(tokens);
    if (waitMs === 0 && this.#queue.size === 0) return this.#take(tokens);
    if (waitMs >= visitor.leftMs()) throw new ProviderFailure(usedUp(waitMs));
    visitor.sit(waitMs);
    const waiting = this.#queue.wait(this.#tokens.countOf(tokens), visitor);
    this.#serve();
    const end = await waiting;
    if (end.kind === "late") throw new ProviderFailure(usedUp(this.waitMs(tokens)));
    return end.kind === "served" ? end.grant : undefined;
  }

  /** Gives back what a call took that was not made. Doing so twice, or after `settle`, does nothing. */
  giveBack(taken: Taken): void {
    this.#requests.giveBack(taken.requests);
    this.#tokens.giveBack(taken.tokens);
    this.#serve();
  }

  /** A call is over. */
  settle(taken: Taken): void {
    this.#requests.settle(taken.requests);
    this.#tokens.settle(taken.tokens);
  }

  /** The provider said what is left. */
  observe(taken: Taken, states: LimitStates): void {
    if (states.requests !== undefined) this.#requests.observe(taken.requests, states.requests);
    if (states.tokens !== undefined) this.#tokens.observe(taken.tokens, states.tokens);
    this.#changed();
  }

  /** The provider refused a call and named a wait: nothing may go out before it is over. */
  closeFor(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#now() + ms);
    this.#changed();
  }

  /** Nobody is to wait here any more. */
  sendAway(): void {
    this.#queue.sendAway();
  }

  #waitOf(tokens: number, callsBefore: number, tokensBefore: number): number {
    return Math.max(
      0,
      this.#closedUntil - this.#now(),
      this.#requests.waitMs(1, callsBefore),
      this.#tokens.waitMs(tokens, tokensBefore),
    );
  }

  #take(tokens: number): Taken {
    return { requests: this.#requests.take(1), tokens: this.#tokens.take(tokens) };
  }

  #changed(): void {
    this.#queue.sendAwayLate((tokens, ...before) => this.#waitOf(tokens, ...before));
    this.#serve();
  }

  #serve(): void {
    clearTimeout(this.#timer);
    for (let wants = this.#queue.firstWants; wants !== undefined; wants = this.#queue.firstWants) {
      const waitMs = this.#waitOf(wants, 0, 0);
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#serve(), waitMs).unref();
        return;
      }
      this.#queue.serve(this.#take(wants));
    }
  }
}

/** A call was not made, for its limit is used up, those counted that wait before it. */
export function usedUp(waitMs: number): ProviderError {
  return {
    reason: "rate_limit_exceeded",
    message: `not asked, for its limit is used up for another ${Math.ceil(waitMs / 1_000)} s`,
    retryable: true,
    retryAfterMs: Math.ceil(waitMs),
    failOver: "any",
    repeats: 0,
    blames: "nobody",
  };
}
