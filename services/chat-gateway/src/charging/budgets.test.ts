import { create } from "@bufbuild/protobuf";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import { createMemoryStores, StorageError, type Stores } from "@synod/run-store";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { type ChargedCaller, callerWith } from "../testing/charged-caller.js";
import { ask, startGateway } from "../testing/gateway.js";
import { createManualClock } from "../testing/manual-clock.js";
import { hangs, says, type Script } from "../testing/script.js";

const chatPath = "/v1/chat/completions";
/** What the script's calls may cost at most, and what they cost, in billionths of a US dollar. */
const most = 2_000;
const cost = 1_000;
const real: Script = { providers: () => [{ id: "sim", available: true, simulated: false }] };

/** Waits until everything that a caller asked is settled. */
async function nothingReserved({ spending }: ChargedCaller): Promise<void> {
  await expect.poll(async () => (await spending()).reservedUsdNanos, { timeout: 5_000 }).toBe(0);
}

describe("a budget", () => {
  it("counts what a run has cost, for the day and the month", async () => {
    await using house = await startGateway();
    const caller = await callerWith(house, { usdNanosPerMonth: 1_000_000 });
    expect((await caller.post(chatPath, ask())).status).toBe(200);
    const spent = { dayUsdNanos: 3 * cost, monthUsdNanos: 3 * cost, reservedUsdNanos: 0 };
    expect(await caller.spending()).toEqual(spent);
    expect(house.ledger.paid).toBe(3);
  });

  it("sets aside the most that a run may cost while it goes on", async () => {
    const answering = createGate();
    await using house = await startGateway({
      script: { member: () => ({ ...says("42"), after: answering.opened }) },
    });
    const caller = await callerWith(house, { usdNanosPerDay: 1_000_000 });
    const asked = caller.post(chatPath, ask());
    await eventually(() => house.ledger.members === 3);
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: 0, reservedUsdNanos: 3 * most });
    answering.open();
    expect((await asked).status).toBe(200);
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: 3 * cost, reservedUsdNanos: 0 });
  });

  it("refuses what may cost more than is left, before anything is asked", async () => {
    const clock = createManualClock(); // 2027-01-15T08:00:00Z
    await using house = await startGateway({ clock, stores: createMemoryStores(clock) });
    const caller = await callerWith(house, { usdNanosPerDay: 3 * most + cost });
    expect((await caller.post(chatPath, ask())).status).toBe(200);
    expect((await caller.post(chatPath, ask({ model: "groq/x" }))).status).toBe(200);
    const refused = await caller.post(chatPath, ask());
    expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([429, "false"]);
    expect(refused.headers.has("retry-after")).toBe(false);
    const { error } = await bodyOf(refused);
    expect(error).toMatchObject({ type: "rate_limit_error", code: "budget_exceeded", param: null });
    expect(error.message).toBe(
      "This key may spend $0.000007 a day, and what is left of that is less than this request may cost: $0.000006. " +
        "Lower max_tokens, ask fewer models, or wait: the budget renews at 2027-01-16T00:00Z.",
    );
    expect(house.ledger.paid).toBe(4);
    expect(await house.metrics.text()).toContain('synod_limited_total{limit="usd_per_day",process="test"} 1');
    const monthly = await callerWith(house, { usdNanosPerMonth: 1 });
    const { message } = (await bodyOf(await monthly.post(chatPath, ask()))).error;
    expect(message).toMatch(/\$0\.000001 a month.* renews at 2027-02-01T00:00Z\.$/);
  });

  it("holds under 100 requests at once", async () => {
    await using house = await startGateway();
    const budget = 10 * 3 * most;
    const caller = await callerWith(house, { usdNanosPerDay: budget });
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const { status } = await caller.post(chatPath, ask());
        const { dayUsdNanos, reservedUsdNanos } = await caller.spending();
        expect(dayUsdNanos + reservedUsdNanos).toBeLessThanOrEqual(budget);
        return status;
      }),
    );
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered).toBeGreaterThanOrEqual(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100 - answered);
    expect(await caller.spending()).toMatchObject({
      dayUsdNanos: answered * 3 * cost,
      reservedUsdNanos: 0,
    });
    expect(house.ledger.paid).toBe(answered * 3);
  });

  it.each([
    ["of unknown price", { outputTokens: 10n }, /Nobody says what sim\/a costs/],
    ["that may write for ever", { inputTokens: 5n }, /nothing says how much sim\/a may write/],
  ])("refuses a model %s", async (_what, usage, message) => {
    await using house = await startGateway({ script: { estimate: () => usage } });
    const caller = await callerWith(house, { usdNanosPerDay: 1_000_000_000 });
    const refused = await caller.post(chatPath, ask());
    expect(refused.status).toBe(400);
    const { error } = await bodyOf(refused);
    expect(error.code).toBe("invalid_value");
    expect(error.message).toMatch(message);
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: 0, reservedUsdNanos: 0 });
    const unlimited = await callerWith(house, {});
    expect((await unlimited.post(chatPath, ask())).status).toBe(200);
    expect(house.ledger.paid).toBe(3);
  });

  it.each(["synod/default", "groq/x"])(
    "asks nobody and frees the key when prices cannot be asked for (%s)",
    async (model) => {
      let broken = true;
      const estimate = (): { readonly costUsdNanos: bigint } => {
        if (broken) throw new SynodError({ reason: "upstream_error", message: "Broken." });
        return { costUsdNanos: 0n };
      };
      await using house = await startGateway({ script: { estimate } });
      const caller = await callerWith(house, { usdNanosPerDay: 1_000_000_000 });
      const keyed = { headers: { "idempotency-key": "k-1" } };
      const refused = await caller.post(chatPath, ask({ model }), keyed);
      expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([502, "true"]);
      expect(house.ledger.paid).toBe(0);
      broken = false;
      expect((await caller.post(chatPath, ask({ model }), keyed)).status).toBe(200);
    },
  );

  it("gives the tokens back where there is no money", async () => {
    await using house = await startGateway({ stores: createMemoryStores(createManualClock()) });
    // Each request would count as 1,008 tokens.
    const caller = await callerWith(house, { tokensPerMinute: 1_008, usdNanosPerDay: 1 });
    const asked = ask({ model: "groq/x", max_tokens: 1_000 });
    for (let sent = 0; sent < 2; sent++) {
      expect((await bodyOf(await caller.post(chatPath, asked))).error.code).toBe("budget_exceeded");
    }
    expect(house.ledger.paid).toBe(0);
  });
});

describe("what is counted of a request that came to nothing", () => {
  const limits = { usdNanosPerDay: 1_000_000 };

  it("is what the calls of a failed run have cost", async () => {
    const failure = { reason: "upstream_error", message: "Broken.", retryable: true } as const;
    await using house = await startGateway({
      script: { member: (model) => (model === "sim/a" ? says("42") : { failure }) },
    });
    const caller = await callerWith(house, limits);
    expect((await caller.post(chatPath, ask())).status).toBe(503);
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: cost, reservedUsdNanos: 0 });
  });

  it("is the most that each call may cost whose end nobody heard, when the caller leaves", async () => {
    const member = (model: string) => (model === "sim/a" ? says("42") : hangs);
    await using house = await startGateway({ script: { ...real, member } });
    const caller = await callerWith(house, limits);
    const leaving = new AbortController();
    const asked = caller.post(chatPath, ask(), { signal: leaving.signal }).catch(() => "left");
    await eventually(() => house.ledger.members === 3);
    leaving.abort();
    expect(await asked).toBe("left");
    await nothingReserved(caller);
    expect((await caller.spending()).dayUsdNanos).toBeGreaterThanOrEqual(2 * most);
    expect((await caller.spending()).dayUsdNanos).toBeLessThanOrEqual(3 * most);
    expect(house.ledger.paid).toBe(3);
  });

  it.each([true, false])(
    "is the most that one model may cost that was left, streamed: %s",
    async (stream) => {
      await using house = await startGateway({ script: { model: () => ({ pieces: ["4"], hangs: true }) } });
      const caller = await callerWith(house, limits);
      const leaving = new AbortController();
      const asked = caller
        .post(chatPath, ask({ model: "groq/x", stream }), { signal: leaving.signal })
        .then((response) => response.text())
        .catch(() => "left");
      await eventually(() => house.ledger.completions.length === 1);
      leaving.abort();
      expect(await asked).toBe("left");
      await nothingReserved(caller);
      expect(await caller.spending()).toMatchObject({ dayUsdNanos: most });
    },
  );

  it.each([
    ["nothing where the provider says so", create(SpentUsageSchema), 0],
    ["what it says", create(SpentUsageSchema, { usage: { costUsdNanos: 7n }, attempts: 1 }), 7],
    ["the most where it does not know", create(SpentUsageSchema, { usage: {}, attempts: 1 }), most],
  ])("of one model is %s", async (_what, spent, counted) => {
    const error = new SynodError({ reason: "upstream_error", message: "Broken." }, { spent });
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    const caller = await callerWith(house, limits);
    expect((await caller.post(chatPath, ask({ model: "groq/x" }))).status).toBe(502);
    expect(await caller.spending()).toMatchObject({ dayUsdNanos: counted, reservedUsdNanos: 0 });
  });
});

describe("when what keys use cannot be stored", () => {
  const broken = (): Promise<never> => Promise.reject(new StorageError("full", "synod.db", ""));

  const models = ["synod/default", "groq/x"];
  const steps = (["admit", "reserve"] as const).flatMap((step) =>
    models.map((model) => [step, model] as const),
  );
  it.each(steps)("nothing is asked (%s, %s)", async (step, model) => {
    const stores = createMemoryStores();
    const failing: Stores = { ...stores, budgets: { ...stores.budgets, [step]: broken } };
    await using house = await startGateway({ stores: failing });
    const caller = await callerWith(house, { usdNanosPerDay: 1_000_000, requestsPerMinute: 10 });
    const refused = await caller.post(chatPath, ask({ model }));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect((await bodyOf(refused)).error).toMatchObject({ type: "overloaded", code: "storage_unavailable" });
    expect(house.ledger.paid).toBe(0);
    const unlimited = await callerWith(house, {});
    expect((await unlimited.post(chatPath, ask())).status).toBe(200);
  });
});
