import type { KeyLimits } from "../keys/key-store.js";
import type { Limited, Spending } from "./budget-store.js";
import { periodsOf } from "./periods.js";

/** Whether a key has a budget at all. */
export function hasBudget({ usdNanosPerDay, usdNanosPerMonth }: KeyLimits): boolean {
  return usdNanosPerDay !== undefined || usdNanosPerMonth !== undefined;
}

/** Which budget leaves no room for a run; undefined when both do. `timeMs` is in milliseconds since 1970. */
export function missingRoom(
  { usdNanosPerDay = Infinity, usdNanosPerMonth = Infinity }: KeyLimits,
  { dayUsdNanos, monthUsdNanos, reservedUsdNanos }: Spending,
  usdNanos: number,
  timeMs: number,
): Limited | undefined {
  const { dayLeftMs, monthLeftMs } = periodsOf(timeMs);
  const wanted = reservedUsdNanos + usdNanos;
  const over = (limit: Limited["limit"], most: number, leftMs: number): Limited => ({
    type: "limited",
    limit,
    retryAfterMs: usdNanos > most ? undefined : leftMs,
  });
  // The month first: it is waited for longer.
  if (monthUsdNanos + wanted > usdNanosPerMonth) return over("usd_per_month", usdNanosPerMonth, monthLeftMs);
  if (dayUsdNanos + wanted > usdNanosPerDay) return over("usd_per_day", usdNanosPerDay, dayLeftMs);
  return undefined;
}
