import type { LimitState } from "../providers/codec.js";

/** What was taken, so that the provider's word on it can be told from older ones. */
export interface Ticket {
  readonly amount: number;
  readonly order: number;
}

/** What a bucket is made of. */
export interface TokenBucketOptions {
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** What flows in evenly in a minute, and what it holds. No bound of its own when unset. */
  readonly perMinute?: number;
}

interface Level {
  readonly limit: number;
  readonly perMs: number;
  amount: number;
  at: number;
}

const minuteMs = 60_000;
const longestResetMs = 24 * 3_600_000;

/**
 * A token bucket, bounded by a setting, by what the provider says is left, or both. What was taken and is not yet part of
 * the provider's figure is subtracted from it.
 */
export class TokenBucket {
  readonly #now: () => number;
  readonly #configured: Level | undefined;
  #observed: Level | undefined;
  #order = 0;
  /** Taken, and not yet in a figure of the provider's. */
  readonly #open = new Map<number, number>();

  constructor({ now, perMinute }: TokenBucketOptions) {
    this.#now = now;
    if (perMinute === undefined) return;
    this.#configured = { limit: perMinute, perMs: perMinute / minuteMs, amount: perMinute, at: now() };
  }

  /** Milliseconds until so much may be taken; 0 when it may now. What never fits waits for a full bucket. */
  waitMs(amount: number): number {
    return Math.max(this.#waitFor(this.#configured, amount), this.#waitFor(this.#observed, amount));
  }

  /** Takes so much, whether it is there or not. */
  take(amount: number): Ticket {
    const ticket = { amount, order: ++this.#order };
    this.#open.set(ticket.order, amount);
    this.#add(-amount);
    return ticket;
  }

  /** Gives back what was not used after all. */
  giveBack({ order }: Ticket): void {
    const amount = this.#open.get(order);
    if (amount === undefined) return;
    this.#open.delete(order);
    this.#add(amount);
  }

  /** The provider says what is left after the call of this ticket. Absurd figures are left out. */
  observe(ticket: Ticket, { limit, remaining, resetMs }: LimitState): void {
    this.#open.delete(ticket.order);
    if (!(limit > 0 && remaining >= 0 && resetMs >= 0) || !Number.isFinite(limit)) return;
    let later = 0;
    for (const [order, amount] of this.#open) if (order > ticket.order) later += amount;
    const left = Math.min(remaining, limit);
    const reset = Math.min(Math.max(resetMs, 1), longestResetMs);
    // Without anything missing, the time until it is full says nothing of how fast it fills.
    const perMs = left < limit ? (limit - left) / reset : (this.#observed?.perMs ?? limit / minuteMs);
    this.#observed = { limit, perMs, amount: left - later, at: this.#now() };
  }

  /** A call is over about which the provider said nothing. */
  settle({ order }: Ticket): void {
    this.#open.delete(order);
  }

  #waitFor(level: Level | undefined, amount: number): number {
    if (level === undefined) return 0;
    this.#fill(level);
    const missing = Math.min(amount, level.limit) - level.amount;
    return missing <= 1e-9 ? 0 : Math.ceil(missing / level.perMs);
  }

  #add(amount: number): void {
    for (const level of [this.#configured, this.#observed]) {
      if (level === undefined) continue;
      this.#fill(level);
      level.amount = Math.min(level.limit, level.amount + amount);
    }
  }

  #fill(level: Level): void {
    const now = this.#now();
    level.amount = Math.min(level.limit, level.amount + (now - level.at) * level.perMs);
    level.at = now;
  }
}
