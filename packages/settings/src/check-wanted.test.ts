import { describe, expect, test } from "vitest";
import { SettingsError } from "./mistakes.js";
import { parseOverride } from "./override.js";
import { resolveSpec } from "./resolve-spec.js";
import { defaultLimits } from "./schema/config.js";
import type { Preset } from "./schema/preset.js";
import type { Wanted } from "./fitting-strategy.js";

const preset: Preset = { members: [{ model: "groq/a" }, { model: "groq/b" }, { model: "groq/c" }] };
const schema = {
  type: "json_schema",
  name: "answer",
  schemaJson: '{"type":"object"}',
  strict: true,
} as const;
const toolsJson = '{"tools":[{"type":"function","function":{"name":"f"}}]}';

function resolve(strategy: string, wanted: Wanted) {
  return resolveSpec(preset, "default", {
    providers: [{ id: "groq", simulated: false }],
    limits: defaultLimits,
    seed: 7,
    override: parseOverride({ aggregation: { strategy } }),
    ...wanted,
  });
}

function refusal(strategy: string, wanted: Wanted): string {
  try {
    resolve(strategy, wanted);
  } catch (error) {
    const mistake = error instanceof SettingsError ? error.mistakes[0] : undefined;
    if (mistake !== undefined) return `${mistake.path}: ${mistake.message}`;
    throw error;
  }
  return "";
}

describe("the shape of an answer", () => {
  test.each(["fields", "synthesis", "tool_calls"])("is what every member is asked for (%s)", (strategy) => {
    expect(resolve(strategy, { responseFormat: schema })).toMatchObject({
      responseFormat: schema,
      answerFormat: "json",
      aggregation: { strategy },
    });
  });

  test.each(["majority", "weighted", "concatenate", "ranked", "best_of"])(
    "is refused where the request names a strategy that keeps to none (%s)",
    (strategy) => {
      for (const responseFormat of [schema, { type: "json_object" } as const]) {
        expect(refusal(strategy, { responseFormat })).toContain(
          `response_format: synod/default aggregates by ${strategy} here, which keeps to no shape. Name no strategy`,
        );
      }
    },
  );

  test("is any JSON object where no more is asked for; text is nothing to keep to", () => {
    const anyObject = { type: "json_object" } as const;
    for (const strategy of ["fields", "synthesis"]) {
      expect(resolve(strategy, { responseFormat: anyObject })).toMatchObject({
        responseFormat: anyObject,
        answerFormat: "json",
        aggregation: { strategy },
      });
    }
    expect(resolve("majority", { responseFormat: { type: "text" } })).not.toHaveProperty("responseFormat");
  });

  test("is needed to agree field by field, and must be a schema", () => {
    expect(refusal("fields", {})).toContain(
      "response_format: is missing: synod/default aggregates by fields",
    );
    expect(refusal("fields", { responseFormat: { type: "text" } })).toContain("response_format: is missing");
    expect(refusal("fields", { responseFormat: { ...schema, schemaJson: "[]" } })).toContain(
      "not a JSON Schema",
    );
  });
});

describe("a schema that answers cannot be checked against in good time", () => {
  const alternatives = Array.from({ length: 1_001 }, (_, i) => ({ const: i }));

  test.each([
    [{ description: "x".repeat(262_144) }, "its schema has more than 262144 characters. Use a smaller one."],
    [
      { items: { anyOf: alternatives } },
      "its schema has more than 1000 alternatives in /items/anyOf. Use a smaller one.",
    ],
  ])("F36: is refused, by fields and by synthesis (%#)", (large, message) => {
    for (const strategy of ["fields", "synthesis"]) {
      const wanted = { responseFormat: { ...schema, schemaJson: JSON.stringify(large) } };
      expect(refusal(strategy, wanted)).toBe(`response_format: ${message}`);
    }
  });
});

describe("tools", () => {
  test("F36: are refused by name where calls could not be checked in good time", () => {
    const parameters = { properties: { to: { oneOf: Array.from({ length: 1_001 }, () => ({})) } } };
    const tools = [{}, parameters].map((schema, i) => ({
      type: "function",
      function: { name: `f${i}`, parameters: schema },
    }));
    expect(refusal("tool_calls", { toolsJson: JSON.stringify({ tools }) })).toBe(
      "tools[1].function.parameters: has more than 1000 alternatives in /properties/to/oneOf, " +
        "so that calls could not be checked. Use a smaller schema.",
    );
  });

  test("are what every member is asked with, where calls are voted on", () => {
    expect(resolve("tool_calls", { toolsJson })).toMatchObject({ toolsJson });
    expect(resolve("tool_calls", {})).not.toHaveProperty("toolsJson");
  });

  test.each(["synthesis", "majority", "fields"])(
    "are refused where the request names another strategy (%s)",
    (strategy) => {
      expect(refusal(strategy, { toolsJson, responseFormat: schema })).toContain(
        `tools: synod/default aggregates by ${strategy} here, which calls no tools.`,
      );
    },
  );
});
