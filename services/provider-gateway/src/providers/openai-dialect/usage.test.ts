import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUsage } from "./usage.js";

const counts = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 };
const tokens = { input: 10, output: 3, cachedInput: 0, reasoning: 0 };

describe("usage", () => {
  it.each<[string, unknown, object]>([
    ["with its cost", { ...counts, cost: 0.0000021 }, { tokens, costUsdNanos: 2_100, doubtful: false }],
    ["with a cost as text", { ...counts, cost: "0.0000021" }, { costUsdNanos: 2_100, doubtful: false }],
    ["without a cost", counts, { tokens, costUsdNanos: null, doubtful: false }],
    [
      "from a cache, for nothing",
      { prompt_tokens: 0, completion_tokens: 0, cost: 0 },
      { costUsdNanos: 0, doubtful: false },
    ],
    [
      "with parts",
      {
        ...counts,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
      { tokens: { ...tokens, cachedInput: 4, reasoning: 1 }, doubtful: false },
    ],
  ])("%s", (_what, usage, expected) => {
    expect(readUsage(usage)).toMatchObject(expected);
  });

  it.each([undefined, null, 7, [], {}, { queue_time: 0.1 }])("is none: %j", (usage) => {
    expect(readUsage(usage)).toBeNull();
  });

  it.each<[string, unknown, object]>([
    ["negative", { ...counts, prompt_tokens: -10 }, { tokens: null }],
    ["1e308", { ...counts, completion_tokens: 1e308 }, { tokens: null }],
    ["half a token", { ...counts, completion_tokens: 2.5 }, { tokens: null }],
    ["half missing", { prompt_tokens: 10 }, { tokens: null }],
    ["a sum that is none", { ...counts, total_tokens: 14 }, { tokens }],
    [
      "a part above its whole",
      { ...counts, prompt_tokens_details: { cached_tokens: 11 } },
      { tokens: { ...tokens, cachedInput: 10 } },
    ],
    ["a negative part", { ...counts, completion_tokens_details: { reasoning_tokens: -1 } }, { tokens }],
    ["a negative cost", { ...counts, cost: -1 }, { tokens, costUsdNanos: null }],
    ["a cost of 1e308", { ...counts, cost: 1e308 }, { costUsdNanos: null }],
    ["a cost as nonsense", { ...counts, cost: {} }, { costUsdNanos: null }],
  ])("that is absurd is flagged: %s (F24)", (_what, usage, expected) => {
    expect(readUsage(usage)).toMatchObject({ ...expected, doubtful: true });
  });

  it("is never negative, nor a part above its whole, whatever comes (F24)", () => {
    const figure = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(null, undefined, "1", "-1"));
    const any = fc.record({
      prompt_tokens: figure,
      completion_tokens: figure,
      total_tokens: figure,
      cost: figure,
      is_byok: fc.boolean(),
      cost_details: fc.record({ upstream_inference_cost: figure }),
      prompt_tokens_details: fc.record({ cached_tokens: figure }),
      completion_tokens_details: fc.record({ reasoning_tokens: figure }),
    });
    fc.assert(
      fc.property(any, (usage) => {
        const read = readUsage(usage);
        expect(read?.costUsdNanos ?? 0).toBeGreaterThanOrEqual(0);
        const { input = 0, output = 0, cachedInput = 0, reasoning = 0 } = read?.tokens ?? {};
        for (const count of [cachedInput, reasoning]) expect(count).toBeGreaterThanOrEqual(0);
        expect(input).toBeGreaterThanOrEqual(cachedInput);
        expect(output).toBeGreaterThanOrEqual(reasoning);
      }),
      { seed: 1 },
    );
  });
});

describe("with a key of the account's own", () => {
  const byok = (cost: unknown, upstream: unknown): object => ({
    ...counts,
    cost,
    is_byok: true,
    cost_details: { upstream_inference_cost: upstream },
  });

  it("the cost is OpenRouter's and that of the provider behind it", () => {
    expect(readUsage(byok(0.0000001, 0.000002))).toMatchObject({ costUsdNanos: 2_100, doubtful: false });
    expect(readUsage(byok(0, "0.000002"))).toMatchObject({ costUsdNanos: 2_000, doubtful: false });
  });

  it.each([null, -1, "x"])("and is not known when the latter is %j", (upstream) => {
    expect(readUsage(byok(0.1, upstream))).toMatchObject({ costUsdNanos: null, doubtful: true });
  });

  it("which counts with such a key alone", () => {
    expect(readUsage({ ...byok(0.000001, 5), is_byok: false })).toMatchObject({ costUsdNanos: 1_000 });
  });
});
