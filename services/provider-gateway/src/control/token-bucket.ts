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
/** However slowly a provider says that its bucket fills: it is full after a day. */
const longestFillMs = 24 * 3_600_000;

/**
 * A token bucket, bounded by a setting, by what the provider says is left, or both. What was taken and is not yet part of
 * the provider's figure is subtracted from it. What is larger than the whole bucket counts as all of it.
 */
export class TokenBucket {
  readonly #now: () => number;
  readonly #configured: Level | undefined;
  #observed: Level | undefined;
  #order = 0;
  /** The newest call of which the provider spoke. */
  #newestObserved = 0;
  /** Taken, and not yet in a figure of the provider's. */
  readonly #open = new Set<Ticket>();

  constructor({ now, perMinute }: TokenBucketOptions) {
    this.#now = now;
    if (perMinute === undefined) return;
    this.#configured = { limit: perMinute, perMs: perMinute / minuteMs, amount: perMinute, at: now() };
  }

  /**
   * Milliseconds until so much may be taken, 0 when it may now. What never fits waits for a full bucket.
   *
   * @param ahead what others take before, each counted as `countOf` says.
   */
  waitMs(amount: number, ahead = 0): number {
    return Math.max(
      this.#waitFor(this.#configured, amount, ahead),
      this.#waitFor(this.#observed, amount, ahead),
    );
  }

  /** What so much counts: all of the bucket at most. */
  countOf(amount: number): number {
    return Math.min(amount, this.#configured?.limit ?? Infinity, this.#observed?.limit ?? Infinity);
  }

  /** Takes so much, whether it is there or not. */
  take(amount: number): Ticket {
    const ticket = { amount, order: ++this.#order };
    this.#open.add(ticket);
    this.#add(this.#configured, -amount);
    this.#add(this.#observed, -amount);
    return ticket;
  }

  /** Gives back what was not used after all. */
  giveBack(ticket: Ticket): void {
    if (!this.#open.delete(ticket)) return;
    this.#add(this.#configured, ticket.amount);
    // The provider's word on a newer call never counted it.
    if (ticket.order > this.#newestObserved) this.#add(this.#observed, ticket.amount);
  }

  /** The provider says what is left after the call of this ticket. Absurd figures are left out. */
  observe(ticket: Ticket, { limit, remaining, resetMs }: LimitState): void {
    this.#open.delete(ticket);
    if (!(limit > 0 && remaining >= 0 && resetMs >= 0) || !Number.isFinite(limit)) return;
    const left = Math.min(remaining, limit);
    // Without anything missing, the time until it is full says nothing of how fast it fills.
    const perMs =
      left < limit ? (limit - left) / Math.max(resetMs, 1) : (this.#observed?.perMs ?? limit / minuteMs);
    // Never below empty: the provider refuses what does not fit.
    const amount = Math.min(Math.max(0, left - this.#takenAfter(ticket, limit)), this.#mostAfter(ticket));
    this.#newestObserved = Math.max(this.#newestObserved, ticket.order);
    this.#observed = { limit, perMs: Math.max(perMs, limit / longestFillMs), amount, at: this.#now() };
  }

  /** A call is over about which the provider said nothing. */
  settle(ticket: Ticket): void {
    this.#open.delete(ticket);
  }

  #takenAfter({ order }: Ticket, limit: number): number {
    let sum = 0;
    for (const later of this.#open) if (later.order > order) sum += Math.min(later.amount, limit);
    return sum;
  }

  /** Answers overtake each other: what is said of an older call may lower what a newer one left, not raise it. */
  #mostAfter({ order }: Ticket): number {
    if (this.#observed === undefined || order > this.#newestObserved) return Infinity;
    this.#fill(this.#observed);
    return this.#observed.amount;
  }

  #waitFor(level: Level | undefined, amount: number, ahead: number): number {
    if (level === undefined) return 0;
    this.#fill(level);
    const missing = Math.min(amount, level.limit) + ahead - level.amount;
    return missing <= 1e-9 ? 0 : Math.ceil(missing / level.perMs);
  }

  #add(level: Level | undefined, amount: number): void {
    if (level === undefined) return;
    this.#fill(level);
    const part = Math.sign(amount) * Math.min(Math.abs(amount), level.limit);
    level.amount = Math.min(level.limit, level.amount + part);
  }

  #fill(level: Level): void {
    const now = this.#now();
    level.amount = Math.min(level.limit, level.amount + (now - level.at) * level.perMs);
    level.at = now;
  }
}
