import type { ApiKey } from "../keys/key-store.js";

/** A limit of a key. */
export type LimitName = "requests_per_minute" | "tokens_per_minute" | "usd_per_day" | "usd_per_month";

/** A limit of a key is reached. */
export interface Limited {
  readonly type: "limited";
  readonly limit: LimitName;
  /** Milliseconds until there is room. Undefined when waiting does not help: one request is more than the limit. */
  readonly retryAfterMs: number | undefined;
}

/** A request may go on. */
export interface Admitted {
  readonly type: "admitted";
  /** What is left of the key's limits per minute, the request counted. */
  readonly rooms: readonly Room[];
}

/** What is left of a limit per minute. */
export interface Room {
  readonly limit: Extract<LimitName, "requests_per_minute" | "tokens_per_minute">;
  /** What a minute allows. */
  readonly most: number;
  /** What is left of it now, a whole number, 0 or more. */
  readonly left: number;
  /** Milliseconds until all of it is there again. */
  readonly fullAfterMs: number;
}

/** Money that is set aside for a run. */
export interface Reserved {
  readonly type: "reserved";
  readonly reservationId: string;
}

/** What a key has spent. In billionths of a US dollar. */
export interface Spending {
  readonly dayUsdNanos: number;
  readonly monthUsdNanos: number;
  /** Set aside for runs that go on. */
  readonly reservedUsdNanos: number;
}

/** A key, as far as its limits go. */
export type LimitedKey = Pick<ApiKey, "keyId" | "limits">;

/**
 * What keys use, counted for all processes together.
 *
 * Limits per minute are buckets: as much as a minute allows at once, which then fills again evenly. Money is set aside
 * before a run begins and settled when it is over. What a process has set aside is free 10 s after it died; what such a
 * run has cost is then not counted.
 */
export interface BudgetStore {
  /**
   * Counts a request and the tokens that it may use. Reads nothing for a key without limits per minute.
   *
   * @param tokens read and written, estimated. 0 or more.
   * @throws StorageError
   */
  admit(key: LimitedKey, tokens: number): Promise<Admitted | Limited>;
  /**
   * Corrects what was estimated. Tried again until it can be stored.
   *
   * @param difference tokens used less tokens admitted.
   */
  correctTokens(key: LimitedKey, difference: number): Promise<void>;
  /**
   * Sets money aside for a run, if what is spent and set aside leaves room for it in the day and in the month. Of many
   * at once none goes over a limit. Undefined, and nothing is read, for a key without a budget.
   *
   * @param usdNanos the most that the run may cost, in billionths of a US dollar. 0 or more.
   * @throws StorageError
   */
  reserve(key: LimitedKey, usdNanos: number): Promise<Reserved | Limited | undefined>;
  /**
   * Counts what a run has cost in place of what was set aside. Tried again until it can be stored. Doing it twice
   * counts once.
   *
   * @param usdNanos what it has cost, in billionths of a US dollar. 0 gives everything back.
   */
  settle(key: LimitedKey, reservation: Reserved, usdNanos: number): Promise<void>;
  /** What a key has spent so far. */
  spending(keyId: string): Promise<Spending>;
}
