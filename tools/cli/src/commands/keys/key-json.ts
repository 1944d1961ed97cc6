import type { ApiKey, Spending } from "@synod/run-store";
import { usd } from "@synod/mapping";

/** Whether a key opens anything, and why not. */
export function stateOf(
  { expireTimeMs, revokeTimeMs }: ApiKey,
  now: number,
): "active" | "expired" | "revoked" {
  if (revokeTimeMs !== undefined) return "revoked";
  return expireTimeMs !== undefined && expireTimeMs <= now ? "expired" : "active";
}

/** A key as `--json` prints it. */
export function keyJson(key: ApiKey, now: number, spending?: Spending): object {
  const { keyId, name, limits, createTimeMs, expireTimeMs, revokeTimeMs } = key;
  return {
    id: keyId,
    object: "key",
    name,
    state: stateOf(key, now),
    created_at: isoOrNull(createTimeMs),
    expires_at: isoOrNull(expireTimeMs),
    revoked_at: isoOrNull(revokeTimeMs),
    requests_per_minute: limits.requestsPerMinute ?? null,
    tokens_per_minute: limits.tokensPerMinute ?? null,
    usd_per_day: usdOrNull(limits.usdNanosPerDay),
    usd_per_month: usdOrNull(limits.usdNanosPerMonth),
    ...(spending !== undefined && {
      spent_today_usd: usd(spending.dayUsdNanos),
      spent_this_month_usd: usd(spending.monthUsdNanos),
      reserved_usd: usd(spending.reservedUsdNanos),
    }),
  };
}

const isoOrNull = (timeMs: number | undefined): string | null =>
  timeMs === undefined ? null : new Date(timeMs).toISOString();
const usdOrNull = (nanos: number | undefined): number | null => (nanos === undefined ? null : usd(nanos));
