import { describe, expect, test } from "vitest";
import { choosePresets } from "./choose-presets.js";
import { familyOf, parseModelId } from "./model-id.js";
import { defaultLimits } from "./schema/config.js";
import { type Preset, presetSchema } from "./schema/preset.js";
import { shippedPresets } from "./shipped-presets.js";

const providers = (...available: string[]) =>
  ["openrouter", "groq", "sim"].map((id) => ({
    id,
    available: available.includes(id),
    simulated: id === "sim",
  }));
const none = { presets: {}, limits: defaultLimits };
const { fast, broad, mixed, simulation } = shippedPresets;

test.each([
  [["openrouter", "groq", "sim"], { default: mixed, mixed, broad, fast }],
  [["openrouter"], { default: broad, broad }],
  [["groq"], { default: fast, fast }],
  [["sim"], { default: simulation }],
  [[], { default: mixed }],
])("with %j available", (available, expected) => {
  expect(choosePresets(none, providers(...available))).toEqual(expected);
});

test("configured presets come beside the shipped ones and win", () => {
  const own: Preset = { members: [{ model: "groq/a" }] };
  const settings = { presets: { default: own, mine: own, fast: own }, limits: defaultLimits };
  expect(choosePresets(settings, providers("openrouter", "groq"))).toEqual({
    default: own,
    mine: own,
    fast: own,
    mixed,
    broad,
  });
});

test("a shipped preset that the limits do not allow is left out", () => {
  const settings = { presets: {}, limits: { ...defaultLimits, members: 3 } };
  expect(choosePresets(settings, providers("openrouter", "groq"))).toEqual({ default: fast, fast });
});

describe.each(Object.entries(shippedPresets))("the shipped preset %s", (name, preset) => {
  const models = [
    ...preset.members.flatMap((member) => [member.model, ...(member.fallbacks ?? [])]),
    preset.aggregation?.model ?? "",
    ...(preset.judge?.models ?? []),
  ];

  test("is a preset", () => {
    expect(presetSchema.safeParse(preset).success).toBe(true);
  });

  test("holds no model of OpenAI's", () => {
    expect(models.filter((model) => /openai|gpt/i.test(model))).toEqual([]);
  });

  test("asks only providers whose keys it needs", () => {
    const needed = {
      fast: ["groq"],
      broad: ["openrouter"],
      mixed: ["groq", "openrouter"],
      simulation: ["sim"],
    }[name];
    expect([...new Set(models.map((model) => parseModelId(model, []).provider))].sort()).toEqual(needed);
  });
});

test("broad and mixed hold several families, Gemini Flash among them", () => {
  for (const preset of [broad, mixed]) {
    expect(
      new Set(preset.members.map(({ model, family }) => family ?? familyOf(model, []))).size,
    ).toBeGreaterThan(3);
    expect(preset.members.some(({ model }) => /google\/gemini.*flash/.test(model))).toBe(true);
  }
});

test.each([fast, broad, mixed])("an aggregator and a judge of families that no member is of", (preset) => {
  const members = preset.members.map((member) => member.family ?? familyOf(member.model, []));
  const others = [preset.aggregation?.model ?? "", ...(preset.judge?.models ?? [])].map((id) =>
    familyOf(id, []),
  );
  expect(new Set(others).size).toBe(2);
  expect(others.filter((family) => members.includes(family))).toEqual([]);
});
