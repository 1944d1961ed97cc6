import { describe, expect, it } from "vitest";
import { priceFromUsdPerMillion } from "../models/price.js";
import { readUsage } from "../providers/openai-dialect/usage.js";
import { settleUsage } from "./settle-usage.js";

const price = priceFromUsdPerMillion("0.59", "0.79");
const settle = (usage: unknown, changes = {}) =>
  settleUsage({
    reported: readUsage(usage) ?? undefined,
    price: null,
    simulated: false,
    outputTokensWhenCut: undefined,
    sentBytes: 400,
    writtenBytes: 40,
    ...changes,
  });
const tokens = { prompt_tokens: 10, completion_tokens: 3 };

describe("usage (F24)", () => {
  it("is the provider's", () => {
    expect(settle({ ...tokens, cost: 0.0000021 })).toMatchObject({
      inputTokens: 10n,
      outputTokens: 3n,
      costUsdNanos: 2_100n,
      estimated: false,
    });
  });

  it("is estimated from the bytes when the provider gives none", () => {
    for (const missing of [undefined, null, {}, "3", []]) {
      expect(settle(missing, { price })).toMatchObject({
        inputTokens: 100n,
        outputTokens: 10n,
        // 100 x 0.59 + 10 x 0.79 US dollars per million
        costUsdNanos: 66_900n,
        estimated: true,
      });
    }
    expect(settle(undefined).costUsdNanos).toBeUndefined();
  });

  it.each([
    ["negative", { prompt_tokens: -1, completion_tokens: 3 }],
    ["huge", { prompt_tokens: 1e308, completion_tokens: 3 }],
    ["a fraction", { prompt_tokens: 1.5, completion_tokens: 3 }],
    ["text", { prompt_tokens: "1", completion_tokens: 3 }],
    ["missing by half", { prompt_tokens: 10 }],
  ])("is estimated when a count is %s", (_, usage) => {
    expect(settle(usage)).toMatchObject({ inputTokens: 100n, outputTokens: 10n, estimated: true });
  });

  it("is estimated in part when nothing is said to be written although something was", () => {
    const usage = settle({ prompt_tokens: 10, completion_tokens: 0 });
    expect(usage).toMatchObject({ inputTokens: 10n, outputTokens: 10n, estimated: true });
  });

  it.each([-1, 1e308, Number.NaN, "NaN", "abc", {}, true])("never has a cost of %j", (cost) => {
    const usage = settle({ ...tokens, cost });
    expect(usage.costUsdNanos).toBeUndefined();
    expect(usage).toMatchObject({ inputTokens: 10n, estimated: true });
    expect(settle({ ...tokens, cost }, { price }).costUsdNanos).toBe(8_270n);
  });

  it("is doubted when the figures contradict each other", () => {
    expect(settle({ ...tokens, total_tokens: 99 })).toMatchObject({ inputTokens: 10n, estimated: true });
    expect(settle({ ...tokens, total_tokens: 13 }).estimated).toBe(false);
  });

  it("never counts a part above its whole", () => {
    const usage = {
      ...tokens,
      prompt_tokens_details: { cached_tokens: 99 },
      completion_tokens_details: { reasoning_tokens: -5 },
    };
    expect(settle(usage)).toMatchObject({ cachedInputTokens: 10n, reasoningTokens: 0n });
  });

  it("of a cached answer is free, and of a simulated one always", () => {
    expect(settle({ prompt_tokens: 0, completion_tokens: 0, cost: 0 })).toMatchObject({
      outputTokens: 0n,
      costUsdNanos: 0n,
      estimated: false,
    });
    expect(settle({ ...tokens, cost: 5 }, { simulated: true }).costUsdNanos).toBe(0n);
  });
});
