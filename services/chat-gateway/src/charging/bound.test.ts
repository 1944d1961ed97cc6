import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import { failureOf } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { boundOf, type CallSize } from "./bound.js";
import type { Candidate, Plan } from "./plan.js";

/** A token costs as much as the last letter of its model says: a is 1, b is 2. */
const priceOf = (model = ""): bigint => BigInt(model.charCodeAt(model.length - 1) - 96);
const usageOf = ({ model, inputBytes, maxOutputTokens = 1_000 }: CallSize): Usage => {
  const inputTokens = BigInt(inputBytes ?? 0) / 4n;
  const outputTokens = BigInt(maxOutputTokens);
  return create(UsageSchema, {
    inputTokens,
    outputTokens,
    costUsdNanos: (inputTokens + outputTokens) * priceOf(model),
  });
};
const estimate = async (calls: readonly CallSize[]): Promise<Usage[]> => calls.map(usageOf);
const one = (model: string, maxOutputTokens?: number): Candidate => ({ model, maxOutputTokens });
const step = (candidates: readonly Candidate[], times = 1, inputBytes = 100) => ({
  calls: [{ candidates, inputBytes, times: 1 }],
  times,
});
const plan = (steps: Plan["steps"], ownBudgetUsdNanos?: number): Plan => ({
  steps,
  sentBytes: 100,
  ownBudgetUsdNanos,
});

describe("the most that a request may cost", () => {
  it("is each call at its price, as often as it may be made, a byte counted as a token", async () => {
    const steps = [step([one("x/a", 50)], 3), step([one("x/b", 10)])];
    expect(await boundOf(plan(steps), estimate)).toEqual({
      usdNanos: 3 * 150 + 2 * 110,
      largestCallUsdNanos: 220,
    });
  });

  it("takes the dearest of those who may be asked, and what a model writes at all without a limit", async () => {
    const steps = [step([one("x/a"), one("x/c", 10)])];
    expect(await boundOf(plan(steps), estimate)).toMatchObject({ usdNanos: 1_100 });
  });

  it("asks for each size once", async () => {
    let asked: readonly CallSize[] = [];
    const noting = (calls: readonly CallSize[]): Promise<Usage[]> => estimate((asked = calls));
    await boundOf(plan([step([one("x/a", 5)]), step([one("x/a", 5)], 4), step([one("x/a", 6)])]), noting);
    expect(asked.map(({ model, maxOutputTokens }) => [model, maxOutputTokens])).toEqual([
      ["x/a", 5],
      ["x/a", 6],
    ]);
  });

  it("ends at the run's own budget, but for the step that reaches it", async () => {
    const steps = [step([one("x/a", 50)], 30), step([one("x/b", 50)], 10)];
    expect(await boundOf(plan(steps, 1_000), estimate)).toMatchObject({ usdNanos: 1_000 + 300 });
    expect(await boundOf(plan(steps, 1e9), estimate)).toMatchObject({ usdNanos: 30 * 150 + 10 * 300 });
  });

  it("is unknown with a model of unknown price, which is refused by name", async () => {
    const nobodySays = async (): Promise<Usage[]> => [create(UsageSchema, { outputTokens: 5n })];
    const failure = await boundOf(plan([step([one("x/a", 5)])]), nobodySays).catch(failureOf);
    expect(failure).toMatchObject({ reason: "invalid_value", retryable: false });
    expect(failure).toHaveProperty("message", expect.stringContaining("Nobody says what x/a costs"));
  });

  it("is unknown where nothing says how much may be written that is paid for", async () => {
    const endless = (costUsdNanos?: bigint) => async (): Promise<Usage[]> => [
      create(UsageSchema, { inputTokens: 5n, ...(costUsdNanos !== undefined && { costUsdNanos }) }),
    ];
    const failure = await boundOf(plan([step([one("x/a")])]), endless()).catch(failureOf);
    expect(failure).toMatchObject({ reason: "invalid_value" });
    expect(failure).toHaveProperty("message", expect.stringContaining("how much x/a may write"));
    const priceless = await boundOf(plan([step([one("x/a", 0)])]), endless()).catch(failureOf);
    expect(priceless).toHaveProperty("message", expect.stringContaining("Nobody says what x/a costs"));
    expect(await boundOf(plan([step([one("x/a")])]), endless(0n))).toMatchObject({ usdNanos: 0 });
    expect(await boundOf(plan([step([one("x/a")])]), endless(5n))).toMatchObject({ usdNanos: 5 });
  });
});
