import type { StrategyName } from "@synod/consensus";
import { describe, expect, test } from "vitest";
import { fittingStrategy, type Wanted } from "./fitting-strategy.js";
import { parseOverride } from "./override.js";
import { resolveSpec } from "./resolve-spec.js";
import { defaultLimits } from "./schema/config.js";
import { type Preset, strategyNames } from "./schema/preset.js";

const toolsJson = '{"tools":[{"type":"function","function":{"name":"f"}}]}';
const schema = { type: "json_schema", name: "a", schemaJson: "{}", strict: true } as const;
const anyObject = { type: "json_object" } as const;
const text = { type: "text" } as const;

test.each<[StrategyName | undefined, Wanted, StrategyName]>([
  [undefined, {}, "synthesis"],
  ["majority", {}, "majority"],
  ["majority", { responseFormat: text }, "majority"],
  [undefined, { toolsJson }, "tool_calls"],
  ["majority", { toolsJson }, "tool_calls"],
  ["fields", { toolsJson, responseFormat: schema }, "tool_calls"],
  [undefined, { responseFormat: schema }, "synthesis"],
  ["fields", { responseFormat: schema }, "fields"],
  ["tool_calls", { responseFormat: schema }, "fields"],
  ["majority", { responseFormat: schema }, "fields"],
  ["best_of", { responseFormat: anyObject }, "fields"],
])("a panel of %s that is asked for %j answers by %s", (own, wanted, expected) => {
  expect(fittingStrategy(own, undefined, wanted)).toBe(expected);
});

test.each(strategyNames)("a strategy that the request names stays (%s)", (named) => {
  for (const wanted of [
    {},
    { toolsJson },
    { responseFormat: schema },
    { toolsJson, responseFormat: schema },
  ]) {
    expect(fittingStrategy("majority", named, wanted)).toBe(named);
  }
});

describe("the settings of a run", () => {
  const preset: Preset = {
    members: [{ model: "groq/a" }, { model: "groq/b" }],
    aggregation: { strategy: "synthesis", model: "groq/c" },
    judge: { mode: "gate", models: ["groq/j"], regenerate: "aggregate" },
  };
  const resolve = (wanted: Wanted, override: object = {}) =>
    resolveSpec(preset, "default", {
      providers: [{ id: "groq", simulated: false }],
      limits: defaultLimits,
      seed: 7,
      override: parseOverride(override),
      ...wanted,
    });

  test("are those of the strategy that fits", () => {
    expect(resolve({ toolsJson })).toMatchObject({
      aggregation: { strategy: "tool_calls" },
      stopEarly: "lossless",
      toolsJson,
    });
    expect(resolve({ toolsJson }, { stop_early: "off" }).stopEarly).toBe("off");
    expect(resolve({ toolsJson, responseFormat: schema }).stopEarly).toBe("off");
  });

  test("make a round anew where the aggregation alone would say the same again", () => {
    expect(resolve({}).judge.regenerate).toBe("aggregate");
    expect(resolve({ responseFormat: schema }).judge.regenerate).toBe("aggregate");
    expect(resolve({ toolsJson }).judge.regenerate).toBe("round");
  });
});
