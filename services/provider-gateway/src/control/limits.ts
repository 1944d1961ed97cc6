import type { LimitStates } from "../providers/codec.js";
import { type Ticket, TokenBucket } from "./token-bucket.js";

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

/** Limits of requests and tokens: configured ones, and those that the provider counts down. */
export class Limits {
  readonly #now: () => number;
  readonly #requests: TokenBucket;
  readonly #tokens: TokenBucket;
  #closedUntil = 0;

  constructor({ now, requestsPerMinute, tokensPerMinute }: LimitOptions) {
    this.#now = now;
    this.#requests = new TokenBucket({ now, ...(requestsPerMinute && { perMinute: requestsPerMinute }) });
    this.#tokens = new TokenBucket({ now, ...(tokensPerMinute && { perMinute: tokensPerMinute }) });
  }

  /** Milliseconds until a call of so many tokens fits; 0 when it does now. */
  waitMs(tokens: number): number {
    const closed = this.#closedUntil - this.#now();
    return Math.max(0, closed, this.#requests.waitMs(1), this.#tokens.waitMs(tokens));
  }

  /** Takes a call of so many tokens. */
  take(tokens: number): Taken {
    return { requests: this.#requests.take(1), tokens: this.#tokens.take(tokens) };
  }

  /** Gives back what a call took that was not made. */
  giveBack(taken: Taken): void {
    this.#requests.giveBack(taken.requests);
    this.#tokens.giveBack(taken.tokens);
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
  }

  /** The provider refused a call and named a wait: nothing may go out before it is over. */
  closeFor(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, this.#now() + ms);
  }
}
