import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeyLimits } from "../keys/key-store.js";
import type { Stores } from "../stores.js";
import { houses, sharedHouses } from "../testing/houses.js";
import { createManualClock } from "../testing/manual-clock.js";
import type { LimitedKey, Reserved } from "./budget-store.js";

const dollar = 1_000_000_000;
const hourMs = 3_600_000;

async function makeKey({ keys }: Stores, limits: KeyLimits): Promise<LimitedKey> {
  return (await keys.create({ name: "team", limits })).key;
}

function reserved(outcome: Awaited<ReturnType<Stores["budgets"]["reserve"]>>): Reserved {
  if (outcome?.type !== "reserved") throw new Error(`not reserved: ${JSON.stringify(outcome)}`);
  return outcome;
}

for (const kind of houses) {
  describe.skipIf(!kind.available)(`what keys use, in ${kind.name}`, () => {
    it("is not counted for a key without limits", async () => {
      await using house = await kind.build();
      const { budgets } = await house.open();
      const anyone = { keyId: "of-nobody", limits: {} };
      expect(await budgets.admit(anyone, 1e9)).toEqual({ type: "admitted", rooms: [] });
      expect(await budgets.reserve(anyone, 1e15)).toBeUndefined();
    });

    it("is limited to so many requests in a minute, which come back evenly", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      const key = await makeKey(stores, { requestsPerMinute: 3 });
      const admit = () => stores.budgets.admit(key, 0);
      for (let i = 0; i < 3; i++) expect(await admit()).toMatchObject({ type: "admitted" });
      expect(await admit()).toEqual({ type: "limited", limit: "requests_per_minute", retryAfterMs: 20_000 });
      house.clock.advance(20_000);
      expect(await admit()).toMatchObject({ type: "admitted" });
      expect(await admit()).toMatchObject({ type: "limited" });
      house.clock.advance(hourMs);
      for (let i = 0; i < 3; i++) expect(await admit()).toMatchObject({ type: "admitted" });
      expect(await admit()).toMatchObject({ type: "limited" });
    });

    it("is told with what is left of it", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      const key = await makeKey(stores, { requestsPerMinute: 7, tokensPerMinute: 1_000 });
      const requests = { limit: "requests_per_minute", most: 7, left: 6, fullAfterMs: 8_572 };
      const tokens = { limit: "tokens_per_minute", most: 1_000 };
      expect(await stores.budgets.admit(key, 400)).toEqual({
        type: "admitted",
        rooms: [requests, { ...tokens, left: 600, fullAfterMs: 24_000 }],
      });
      house.clock.advance(12_000);
      expect(await stores.budgets.admit(key, 0)).toEqual({
        type: "admitted",
        rooms: [requests, { ...tokens, left: 800, fullAfterMs: 12_000 }],
      });
    });

    it("is limited to exactly so many requests, whatever the number", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      for (const limit of [1, 7, 9, 14, 43]) {
        const key = await makeKey(stores, { requestsPerMinute: limit });
        house.clock.advance(333);
        const asked = [];
        for (let i = 0; i < limit + 1; i++) asked.push((await stores.budgets.admit(key, 0)).type);
        expect(asked.filter((type) => type === "admitted")).toHaveLength(limit);
      }
    });

    it("is limited to so many tokens in a minute, corrected by what was used", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      const { budgets } = stores;
      const key = await makeKey(stores, { requestsPerMinute: 100, tokensPerMinute: 1_000 });
      expect(await budgets.admit(key, 1_001)).toEqual({
        type: "limited",
        limit: "tokens_per_minute",
        retryAfterMs: undefined,
      });
      expect(await budgets.admit(key, 800)).toMatchObject({ type: "admitted" });
      expect(await budgets.admit(key, 300)).toMatchObject({
        limit: "tokens_per_minute",
        retryAfterMs: 6_000,
      });
      await budgets.correctTokens(key, -500);
      expect(await budgets.admit(key, 700)).toMatchObject({ type: "admitted" });
      await budgets.correctTokens(key, 1_000);
      expect(await budgets.admit(key, 0)).toMatchObject({ limit: "tokens_per_minute", retryAfterMs: 60_000 });
      // A refused request takes nothing out of the other bucket.
      house.clock.advance(60_000);
      expect(await budgets.admit(key, 0)).toMatchObject({ type: "admitted" });
    });

    it("is set aside, then settled by day and month", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      const { budgets } = stores;
      const key = await makeKey(stores, { usdNanosPerDay: 3 * dollar, usdNanosPerMonth: 5 * dollar });
      const first = reserved(await budgets.reserve(key, 2 * dollar));
      const tooMuch = await budgets.reserve(key, 2 * dollar);
      expect(tooMuch).toEqual({ type: "limited", limit: "usd_per_day", retryAfterMs: 12 * hourMs });
      expect(await budgets.spending(key.keyId)).toEqual({
        dayUsdNanos: 0,
        monthUsdNanos: 0,
        reservedUsdNanos: 2 * dollar,
      });
      await budgets.settle(key, first, dollar + 1);
      await budgets.settle(key, first, dollar + 1); // counts once
      const spent = { dayUsdNanos: dollar + 1, monthUsdNanos: dollar + 1, reservedUsdNanos: 0 };
      expect(await budgets.spending(key.keyId)).toEqual(spent);
      const second = reserved(await budgets.reserve(key, 2 * dollar - 1));
      await budgets.settle(key, second, 2 * dollar - 1);

      house.clock.advance(12 * hourMs);
      expect(await budgets.spending(key.keyId)).toMatchObject({ dayUsdNanos: 0, monthUsdNanos: 3 * dollar });
      expect(await budgets.reserve(key, 2 * dollar + 1)).toEqual({
        type: "limited",
        limit: "usd_per_month",
        retryAfterMs: 48 * hourMs,
      });
      expect(await budgets.reserve(key, 6 * dollar)).toMatchObject({ retryAfterMs: undefined });
      const last = reserved(await budgets.reserve(key, 2 * dollar));
      await budgets.settle(key, last, 0);
      house.clock.advance(48 * hourMs);
      expect(await budgets.spending(key.keyId)).toEqual({
        dayUsdNanos: 0,
        monthUsdNanos: 0,
        reservedUsdNanos: 0,
      });
    });

    it("never goes over a budget of $1 under 100 requests at once, and leaves nothing set aside", async () => {
      await using house = await kind.build();
      const stores = await house.open();
      const { budgets } = stores;
      const key = await makeKey(stores, { usdNanosPerDay: dollar });
      const cost = 30_000_000; // 33 fit
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => budgets.reserve(key, cost)));
      const granted = outcomes.filter((outcome) => outcome?.type === "reserved");
      expect(granted).toHaveLength(33);
      expect(await budgets.spending(key.keyId)).toMatchObject({ reservedUsdNanos: 33 * cost });
      await Promise.all(granted.map((outcome) => budgets.settle(key, outcome, cost)));
      expect(await budgets.spending(key.keyId)).toMatchObject({
        dayUsdNanos: 33 * cost,
        reservedUsdNanos: 0,
      });
    });
  });
}

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`what keys use, in ${kind.name}, of several processes`, () => {
    it("is counted together: money, requests and tokens", async () => {
      await using house = await kind.build();
      const processes = await Promise.all([house.open(), house.open(), house.open()]);
      const [first] = processes;
      const limits = { usdNanosPerMonth: dollar, requestsPerMinute: 10, tokensPerMinute: 1_000 };
      const key = await makeKey(first, limits);
      const each = <T>(count: number, ask: (stores: Stores) => Promise<T>): Promise<T[]> =>
        Promise.all(Array.from({ length: count }, (_, index) => ask(processes[index % 3] ?? first)));
      const money = await each(100, ({ budgets }) => budgets.reserve(key, 70_000_000));
      expect(money.filter((outcome) => outcome?.type === "reserved")).toHaveLength(14);
      const admitted = await each(30, ({ budgets }) => budgets.admit(key, 1));
      expect(admitted.filter(({ type }) => type === "admitted")).toHaveLength(10);
      house.clock.advance(60_000);
      const tokens = await each(9, ({ budgets }) => budgets.admit(key, 300));
      expect(tokens.filter(({ type }) => type === "admitted")).toHaveLength(3);
    });

    it("is free again when the process is dead that has set it aside, and counted if it was only slow", async () => {
      await using house = await kind.build();
      const dead = await house.open({ clock: house.clock.stopped() });
      const alive = await house.open();
      const key = await makeKey(alive, { usdNanosPerDay: dollar });
      const lost = reserved(await dead.budgets.reserve(key, dollar));
      expect(await alive.budgets.reserve(key, 1)).toMatchObject({ limit: "usd_per_day" });
      house.clock.advance(12_000);
      expect(await alive.budgets.spending(key.keyId)).toMatchObject({ reservedUsdNanos: 0 });
      const own = reserved(await alive.budgets.reserve(key, dollar));
      await alive.budgets.settle(key, own, dollar / 4);
      await dead.budgets.settle(key, lost, dollar / 2);
      expect(await alive.budgets.spending(key.keyId)).toEqual({
        dayUsdNanos: 0.75 * dollar,
        monthUsdNanos: 0.75 * dollar,
        reservedUsdNanos: 0,
      });
    });

    it("is counted as in memory, whatever happens", async () => {
      const steps = fc.array(
        fc.oneof(
          fc.record({ do: fc.constant("admit" as const), tokens: fc.nat(400) }),
          fc.record({ do: fc.constant("correct" as const), tokens: fc.integer({ min: -300, max: 300 }) }),
          fc.record({ do: fc.constant("reserve" as const), usdNanos: fc.nat(400) }),
          fc.record({ do: fc.constant("settle" as const), usdNanos: fc.nat(500), which: fc.nat(5) }),
          fc.record({ do: fc.constant("wait" as const), ms: fc.nat(3 * hourMs) }),
        ),
        { maxLength: 25 },
      );
      const clock = createManualClock();
      await using house = await kind.build(clock);
      const stored = await house.open();
      const [memoryKind] = houses;
      if (memoryKind === undefined) throw new Error("no memory");
      const limits = {
        requestsPerMinute: 5,
        tokensPerMinute: 1_000,
        usdNanosPerDay: 1_000,
        usdNanosPerMonth: 2_000,
      };
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          const memory = await (await memoryKind.build(clock)).open();
          const key = await makeKey(stored, limits);
          const both = [stored.budgets, memory.budgets] as const;
          const open: (readonly Reserved[])[] = [];
          for (const step of script) {
            switch (step.do) {
              case "admit": {
                const [a, b] = await Promise.all(both.map((budgets) => budgets.admit(key, step.tokens)));
                expect(a).toEqual(b);
                break;
              }
              case "correct":
                for (const budgets of both) await budgets.correctTokens(key, step.tokens);
                break;
              case "reserve": {
                const outcomes = await Promise.all(
                  both.map((budgets) => budgets.reserve(key, step.usdNanos)),
                );
                expect(outcomes[0]?.type).toBe(outcomes[1]?.type);
                if (outcomes[0]?.type === "reserved") open.push(outcomes.map(reserved));
                break;
              }
              case "settle": {
                const chosen = open[step.which % Math.max(1, open.length)];
                if (chosen === undefined) break;
                for (const [index, budgets] of both.entries()) {
                  const reservation = chosen[index];
                  if (reservation !== undefined) await budgets.settle(key, reservation, step.usdNanos);
                }
                break;
              }
              default:
                clock.advance(step.ms);
            }
            const [a, b] = await Promise.all(both.map((budgets) => budgets.spending(key.keyId)));
            expect(a).toEqual(b);
          }
        }),
        { seed: 7, numRuns: 15 },
      );
    });
  });
}
