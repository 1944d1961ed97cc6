import { describe, expect, test } from "vitest";
import { SettingsError } from "./mistakes.js";
import { resolveSpec } from "./resolve-spec.js";
import { toSettings } from "./to-settings.js";

const reference = {
  models: [
    { id: "qwen/qwen-2.5-7b-instruct", max_tokens: 50, temperature: 0.7 },
    { id: "openrouter/auto", max_tokens: 60, temperature: 0 },
  ],
  aggregator: [
    {
      model: { id: "google/gemini-2.0-flash-001", max_tokens: 1000, temperature: 0.2 },
      approach: "centralized",
      aggregator_context: [{ role: "system", content: "You compare answers." }],
      aggregator_prompt: [{ role: "user", content: "Write the best one." }],
    },
  ],
  aggregated_prompt_type: "assistant",
  improvement_prompt: "Improve it.",
  iterations: 2,
};

function read(document: object) {
  const configFile = { path: "input.json", text: JSON.stringify(document) };
  return toSettings({ variables: { OPENROUTER_API_KEY: "k" }, mistakes: [], configFile }, "all-in-one");
}
function spec(document: object) {
  const settings = read(document);
  const preset = settings.presets["default"];
  if (preset === undefined) throw new Error("no preset");
  return resolveSpec(preset, "default", { providers: settings.providers, limits: settings.limits, seed: 1 });
}
const withAggregator = (more: object) => ({
  ...reference,
  aggregator: [{ ...reference.aggregator[0], ...more }],
});

test("becomes the preset default", () => {
  expect(Object.keys(read(reference).presets)).toEqual(["default"]);
  const text = (role: string, content: string) => ({ role, parts: [{ type: "text", text: content }] });
  expect(spec(reference)).toMatchObject({
    members: [
      {
        model: "openrouter/qwen/qwen-2.5-7b-instruct",
        sampling: { maxOutputTokens: 50, temperature: 0.7 },
        family: "qwen",
      },
      { model: "openrouter/openrouter/auto", sampling: { maxOutputTokens: 60, temperature: 0 } },
    ],
    stopEarly: "off",
    rounds: { max: 3, stopWhen: "never" },
    improvementPrompt: "Improve it.",
    aggregatedPromptType: "assistant",
    aggregation: {
      strategy: "synthesis",
      model: "openrouter/google/gemini-2.0-flash-001",
      sampling: { maxOutputTokens: 1000, temperature: 0.2 },
      context: [text("system", "You compare answers.")],
      prompt: [text("user", "Write the best one.")],
      when: "always",
    },
    judge: { mode: "off" },
  });
});

test("only the models and the aggregator are needed", () => {
  const { models, aggregator } = reference;
  expect(spec({ models, aggregator })).toMatchObject({
    rounds: { max: 1, stopWhen: "never" },
    aggregatedPromptType: "system",
    aggregation: { strategy: "synthesis" },
  });
});

describe("approach selects the strategy", () => {
  test.each([
    ["centralized", "synthesis"],
    ["synthesis", "synthesis"],
    ["concatenate", "concatenate"],
    ["majority", "majority"],
  ])("%s", (approach, strategy) => {
    expect(spec(withAggregator({ approach }))).toMatchObject({ aggregation: { strategy }, stopEarly: "off" });
  });

  test("an unknown one is refused with the names that are known", () => {
    expect(() => spec(withAggregator({ approach: "quantum" }))).toThrow(
      /^input.json: aggregator\[0\].approach: "quantum" is not known. Use one of "centralized", .*"majority"/,
    );
  });
});

test("mistakes are reported at once, with paths of the file", () => {
  const wrong = {
    ...reference,
    models: [{ id: "a/b", temperature: 3, top_p: 1 }],
    iterations: 6,
    aggregated_prompt_type: "tool",
  };
  let paths: readonly string[] = [];
  try {
    read(wrong);
  } catch (error) {
    if (error instanceof SettingsError) paths = error.mistakes.map(({ source, path }) => `${source} ${path}`);
  }
  expect(paths).toEqual([
    "input.json models[0].temperature",
    "input.json models[0].top_p",
    "input.json aggregated_prompt_type",
    "input.json iterations",
  ]);
});

test("further aggregators are not used, and it says so", () => {
  const two = { ...reference, aggregator: [...reference.aggregator, ...reference.aggregator] };
  expect(read(two).warnings).toEqual([
    "input.json: aggregator: only the first entry is used; 1 more is not.",
  ]);
});
