import { usdNanos } from "../models/price.js";
import { asObject, type JsonObject } from "./openai-dialect/json.js";

/** The credit of an account, in billionths of a US dollar. */
export interface AccountCredit {
  /** Bought, ever. */
  readonly totalCreditsUsdNanos: bigint;
  /** Used, ever. */
  readonly totalUsageUsdNanos: bigint;
}

/** The limits of a key, in billionths of a US dollar. */
export interface KeyLimit {
  /** The most that it may spend. Unset when there is no limit. */
  readonly limitUsdNanos?: bigint;
  /** What is left of that; below 0 when more was spent. Unset when there is no limit. */
  readonly limitRemainingUsdNanos?: bigint;
  /** Used, ever. */
  readonly usageUsdNanos: bigint;
  /** Used today, in UTC; 0 when it is not said. */
  readonly usageDailyUsdNanos: bigint;
  /** Used this week, in UTC; 0 when it is not said. */
  readonly usageWeeklyUsdNanos: bigint;
  /** Used this month, in UTC; 0 when it is not said. */
  readonly usageMonthlyUsdNanos: bigint;
  /** Whether the account never bought credit, so that the limits of free models are lower. */
  readonly isFreeTier: boolean;
}

/** Reads `GET /models/:author/:slug/endpoints`: the model and its `endpoints`, as they came. Null when it is neither. */
export function decodeEndpoints(json: unknown): JsonObject | null {
  const data = asObject(asObject(json)?.["data"]);
  return data !== undefined && Array.isArray(data["endpoints"]) ? data : null;
}

/** Reads `GET /credits`; null when it is none. */
export function decodeCredits(json: unknown): AccountCredit | null {
  const data = asObject(asObject(json)?.["data"]);
  const [credits, usage] = [amount(data?.["total_credits"]), amount(data?.["total_usage"])];
  if (credits === undefined || usage === undefined) return null;
  return { totalCreditsUsdNanos: credits, totalUsageUsdNanos: usage };
}

/** Reads `GET /key`; null when it is none. The key's name and its owner are left out. */
export function decodeKey(json: unknown): KeyLimit | null {
  const data = asObject(asObject(json)?.["data"]);
  const usage = amount(data?.["usage"]);
  if (data === undefined || usage === undefined) return null;
  const [limit, remaining] = [amount(data["limit"]), amount(data["limit_remaining"])];
  return {
    ...(limit !== undefined && { limitUsdNanos: limit }),
    ...(remaining !== undefined && { limitRemainingUsdNanos: remaining }),
    usageUsdNanos: usage,
    usageDailyUsdNanos: amount(data["usage_daily"]) ?? 0n,
    usageWeeklyUsdNanos: amount(data["usage_weekly"]) ?? 0n,
    usageMonthlyUsdNanos: amount(data["usage_monthly"]) ?? 0n,
    isFreeTier: data["is_free_tier"] === true,
  };
}

/** An amount of US dollars, in billionths; undefined when it is none. */
function amount(value: unknown): bigint | undefined {
  if (typeof value === "number" && value < 0) {
    const owed = usdNanos(-value);
    return owed === null ? undefined : -owed;
  }
  return usdNanos(value) ?? undefined;
}
