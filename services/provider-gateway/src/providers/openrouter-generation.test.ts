import { describe, expect, it } from "vitest";
import { generations } from "./openrouter-generation.js";

const data = {
  id: "gen-1",
  model: "acme/one",
  tokens_prompt: 9,
  tokens_completion: 2,
  native_tokens_prompt: 10,
  native_tokens_completion: 3,
  native_tokens_reasoning: 1,
  native_tokens_cached: 4,
  total_cost: 0.0000021,
  usage: 0.0000021,
  is_byok: false,
};
const tokens = { input: 10, output: 3, cachedInput: 4, reasoning: 1 };

describe("a generation", () => {
  it("is found by the head of its answer", () => {
    expect(generations.idOf((name) => (name === "x-generation-id" ? "gen-1" : undefined))).toBe("gen-1");
    expect(generations.idOf(() => undefined)).toBe("");
    expect(generations.pathOf("gen-1?a&b/../c")).toBe("/generation?id=gen-1%3Fa%26b%2F..%2Fc");
  });

  it("says what it used, in its model's tokens, and what it cost", () => {
    const usage = { tokens, costUsdNanos: 2_100, doubtful: false };
    expect(generations.decode({ data })).toEqual({ usage });
    const { total_cost: _, ...old } = data;
    expect(generations.decode({ data: old })).toEqual({ usage });
  });

  it("costs what the provider behind it takes as well, with a key of the account's own", () => {
    const byok = { ...data, is_byok: true, upstream_inference_cost: 0.000001 };
    expect(generations.decode({ data: byok })).toMatchObject({ usage: { costUsdNanos: 3_100 } });
  });

  it("costs something even if nobody counted", () => {
    expect(generations.decode({ data: { total_cost: 0 } })).toEqual({
      usage: { tokens: null, costUsdNanos: 0, doubtful: true },
    });
  });

  it.each([null, {}, { data: [] }, { data: { id: "gen-1" } }, { error: { code: 404, message: "x" } }])(
    "is none: %j",
    (json) => {
      expect(generations.decode(json)).toBeNull();
    },
  );
});
