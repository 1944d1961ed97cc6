import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.js";
import type { BudgetStore, Spending } from "./budget-store.js";
import { periodsOf } from "./periods.js";
import { correctionOf, type Draw, drawsOf, roomAfter, tooLittle } from "./rate.js";
import { hasBudget, missingRoom } from "./room.js";

/** Counts what keys use in this process alone. */
export function createMemoryBudgetStore(clock: Clock): BudgetStore {
  /** Until when a bucket is busy, by key and limit. */
  const busyUntil = new Map<string, number>();
  /** Billionths of a US dollar, by key and period. */
  const spent = new Map<string, number>();
  const reserved = new Map<string, { readonly keyId: string; readonly usdNanos: number }>();
  const nameOf = (keyId: string, what: string): string => `${keyId} ${what}`;
  const draw = (keyId: string, { limit, costMs }: Draw): void => {
    const name = nameOf(keyId, limit);
    busyUntil.set(name, Math.max(busyUntil.get(name) ?? 0, clock.now()) + costMs);
  };

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
      for (const each of draws) {
        const limited = tooLittle(each, busyUntil.get(nameOf(keyId, each.limit)) ?? 0, clock.now());
        if (limited !== undefined) return limited;
      }
      const rooms = draws.map((each) =>
        roomAfter(each, busyUntil.get(nameOf(keyId, each.limit)) ?? 0, clock.now()),
      );
      for (const each of draws) draw(keyId, each);
      return { type: "admitted", rooms };
    },
    async correctTokens({ keyId, limits }, difference) {
      const correction = correctionOf(limits, difference);
      if (correction !== undefined) draw(keyId, correction);
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
