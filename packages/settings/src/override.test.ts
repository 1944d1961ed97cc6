import { describe, expect, test } from "vitest";
import { SettingsError } from "./mistakes.js";
import { parseOverride } from "./override.js";

function paths(value: unknown): readonly string[] {
  try {
    parseOverride(value);
  } catch (error) {
    if (error instanceof SettingsError) return error.mistakes.map(({ path }) => path);
    throw error;
  }
  return [];
}

test("takes every field of a preset that this version has", () => {
  const value = {
    members: [
      {
        model: "a/b",
        max_tokens: 1,
        temperature: 0,
        seed: -1,
        weight: 0.5,
        samples: 10,
        fallbacks: ["c/d"],
        family: "x",
      },
      { model: "a/c", accuracy: null },
      { model: "a/d", accuracy: 0.7 },
    ],
    quorum: 1,
    grace_ms: 0,
    deadline_ms: 1,
    ask_first: 1,
    hedge_after_ms: 500,
    stop_early: "confident",
    stop_confidence: 0.5,
    answer_format: "number",
    rounds: { max: 6, stop_when: "never" },
    improvement_prompt: "Again.",
    aggregated_prompt_type: "assistant",
    aggregation: {
      strategy: "majority",
      model: "a/b",
      max_tokens: 1,
      temperature: 2,
      context: [{ role: "system", content: "x" }],
      prompt: [{ role: "user", content: "y" }],
      when: "disagree",
    },
    judge: {
      mode: "gate",
      models: ["a/b"],
      votes_needed: 1,
      max_regenerations: 0,
      regenerate: "aggregate",
      when_down: "fail",
    },
    budget: { max_cost_usd: 0.01, max_output_tokens: 100 },
  };
  expect(parseOverride(value)).toEqual(value);
  expect(parseOverride({})).toEqual({});
});

describe("refuses, by name", () => {
  test.each([
    [{ providers: {} }, "consensus.providers"],
    [{ base_url: "http://127.0.0.1" }, "consensus.base_url"],
    [{ limits: { members: 99 } }, "consensus.limits"],
    [{ price: 0 }, "consensus.price"],
    [{ members: [{ model: "a/b", api_key: "k" }] }, "consensus.members[0].api_key"],
    [{ members: [] }, "consensus.members"],
    [{ members: Array.from({ length: 17 }, () => ({ model: "a/b" })) }, "consensus.members"],
    [{ members: [{ model: "http://127.0.0.1/" }] }, "consensus.members[0].model"],
    [{ members: [{ model: "groq/../keys" }] }, "consensus.members[0].model"],
    [{ members: [{ model: "groq/a b" }] }, "consensus.members[0].model"],
    [{ members: [{ model: "a/b\r\nX: y" }] }, "consensus.members[0].model"],
    [{ members: [{ model: "a/b", weight: 0 }] }, "consensus.members[0].weight"],
    [{ members: [{ model: "a/b", samples: 11 }] }, "consensus.members[0].samples"],
    [{ members: [{ model: "a/b", temperature: Number.NaN }] }, "consensus.members[0].temperature"],
    [{ rounds: { max: 1e6 } }, "consensus.rounds.max"],
    [{ rounds: { max: 0 } }, "consensus.rounds.max"],
    [{ deadline_ms: 3_600_001 }, "consensus.deadline_ms"],
    [{ deadline_ms: Number.POSITIVE_INFINITY }, "consensus.deadline_ms"],
    [{ stop_confidence: 0.49 }, "consensus.stop_confidence"],
    [{ stop_confidence: 1.01 }, "consensus.stop_confidence"],
    [{ ask_first: 0 }, "consensus.ask_first"],
    [{ ask_first: 17 }, "consensus.ask_first"],
    [{ hedge_after_ms: 0 }, "consensus.hedge_after_ms"],
    [{ hedge_after_ms: "p99" }, "consensus.hedge_after_ms"],
    [{ hedge_after_ms: 3_600_001 }, "consensus.hedge_after_ms"],
    [{ members: [{ model: "a/b", accuracy: 1.5 }] }, "consensus.members[0].accuracy"],
    [{ aggregation: { strategy: "debate" } }, "consensus.aggregation.strategy"],
    [{ aggregation: { context: [{ role: "tool", content: "x" }] } }, "consensus.aggregation.context[0].role"],
    [{ judge: { models: Array.from({ length: 10 }, () => "a/b") } }, "consensus.judge.models"],
    [{ budget: { max_cost_usd: 0 } }, "consensus.budget.max_cost_usd"],
    [{ aggregation: { layers: 7 } }, "consensus.aggregation.layers"],
    [{ improvement_prompt: "" }, "consensus.improvement_prompt"],
    [JSON.parse('{"__proto__": {"quorum": 1}}'), "consensus.__proto__"],
    [JSON.parse('{"rounds": {"constructor": 1}}'), "consensus.rounds.constructor"],
    [null, "consensus"],
    [[], "consensus"],
    ["{}", "consensus"],
  ])("%j", (value, path) => {
    expect(paths(value)).toEqual([path]);
  });
});

test("a time to hedge, its word, or none", () => {
  for (const after of [1, 3_600_000, "p95", null] as const) {
    expect(parseOverride({ hedge_after_ms: after })).toEqual({ hedge_after_ms: after });
  }
  expect(() => parseOverride({ hedge_after_ms: 1.5 })).toThrow(
    'consensus.hedge_after_ms: 1.5 is none of what may stand here. Use a whole number from 1 to 3600000, "p95", or null, or leave it out for null.',
  );
  expect(() => parseOverride({ stop_early: "sometimes" })).toThrow('"sometimes" is not known.');
});
