import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.js";
import type { BudgetStore, Spending } from "./budget-store.js";
import { periodsOf } from "./periods.js";
import { drawsOf, minuteMs } from "./rate.js";
import { hasBudget, missingRoom } from "./room.js";

/** Counts what keys use in this process alone. */
export function createMemoryBudgetStore(clock: Clock): BudgetStore {
  /** Until when a bucket is busy, by key and limit. */
  const busyUntil = new Map<string, number>();
  /** Billionths of a US dollar, by key and period. */
  const spent = new Map<string, number>();
  const reserved = new Map<string, { readonly keyId: string; readonly usdNanos: number }>();
  const nameOf = (keyId: string, what: string): string => `${keyId} ${what}`;
  const busy = (name: string): number => Math.max(busyUntil.get(name) ?? 0, clock.now());

  function spending(keyId: string): Spending {
    const { day, month } = periodsOf(clock.now());
    const own = [...reserved.values()].filter((reservation) => reservation.keyId === keyId);
    return {
      dayUsdNanos: spent.get(nameOf(keyId, day)) ?? 0,
      monthUsdNanos: spent.get(nameOf(keyId, month)) ?? 0,
      reservedUsdNanos: own.reduce((sum, { usdNanos }) => sum + usdNanos, 0),
    };
  }

  return {
    async admit({ keyId, limits }, tokens) {
      const draws = drawsOf(limits, tokens);
      for (const { limit, costMs } of draws) {
        const waitMs = busy(nameOf(keyId, limit)) + costMs - clock.now() - minuteMs;
        if (waitMs > 0)
          return { type: "limited", limit, retryAfterMs: costMs > minuteMs ? undefined : Math.ceil(waitMs) };
      }
      for (const { limit, costMs } of draws) {
        const name = nameOf(keyId, limit);
        busyUntil.set(name, busy(name) + costMs);
      }
      return { type: "admitted" };
    },
    async correctTokens({ keyId, limits: { tokensPerMinute } }, difference) {
      if (tokensPerMinute === undefined) return;
      const name = nameOf(keyId, "tokens_per_minute");
      busyUntil.set(name, busy(name) + (difference * minuteMs) / tokensPerMinute);
    },
    async reserve({ keyId, limits }, usdNanos) {
      if (!hasBudget(limits)) return undefined;
      const missing = missingRoom(limits, spending(keyId), usdNanos, clock.now());
      if (missing !== undefined) return missing;
      const reservationId = randomUUID();
      reserved.set(reservationId, { keyId, usdNanos });
      return { type: "reserved", reservationId };
    },
    async settle({ keyId }, { reservationId }, usdNanos) {
      if (!reserved.delete(reservationId)) return;
      const { day, month } = periodsOf(clock.now());
      for (const period of [day, month]) {
        const name = nameOf(keyId, period);
        spent.set(name, (spent.get(name) ?? 0) + usdNanos);
      }
    },
    spending: async (keyId) => spending(keyId),
  };
}
