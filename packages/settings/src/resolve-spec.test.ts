import { describe, expect, test } from "vitest";
import { parseOverride } from "./override.js";
import { resolveSpec } from "./resolve-spec.js";
import { defaultLimits } from "./schema/config.js";
import type { Preset } from "./schema/preset.js";
import { improvementPrompt } from "./shipped-presets.js";

const providers = [
  { id: "openrouter", simulated: false },
  { id: "groq", simulated: false },
  { id: "sim", simulated: true },
];
const base = { providers, limits: defaultLimits, seed: 7 };
const member = (model: string, more: object = {}) => ({ model, ...more });
const preset: Preset = { members: [member("google/a"), member("groq/b"), member("openrouter/x/c")] };

function resolve(override: unknown = {}, from: Preset = preset, more: object = {}) {
  return resolveSpec(from, "default", { ...base, override: parseOverride(override), ...more });
}

test("fills in every default", () => {
  const seat = { sampling: {}, weight: 1, samples: 1, fallbacks: [] };
  expect(resolve()).toEqual({
    preset: "default",
    members: [
      { ...seat, model: "openrouter/google/a", family: "google" },
      { ...seat, model: "groq/b", family: "groq" },
      { ...seat, model: "openrouter/x/c", family: "x" },
    ],
    quorum: 2,
    graceMs: 2000,
    deadlineMs: 120_000,
    stopEarly: "off",
    stopConfidence: 0.95,
    askFirst: 3,
    hedgeAfterMs: null,
    answerFormat: "auto",
    rounds: { max: 1, stopWhen: "stable" },
    improvementPrompt,
    aggregatedPromptType: "system",
    aggregation: {
      strategy: "synthesis",
      model: "openrouter/google/a",
      sampling: {},
      context: [],
      prompt: [],
      when: "always",
    },
    judge: {
      mode: "off",
      models: [],
      votesNeeded: 1,
      maxRegenerations: 2,
      regenerate: "round",
      whenDown: "answer",
    },
    budget: {},
    seed: 7,
    simulated: false,
  });
});

test("a run is simulated when a member is", () => {
  expect(resolve({ members: [member("groq/a"), member("sim/ada-large")] }).simulated).toBe(true);
});

test("says which of the models that may be asked are simulated", () => {
  const mixed: Preset = {
    members: [member("groq/a"), member("sim/ada-large", { fallbacks: ["groq/b"] })],
    judge: { mode: "annotate", models: ["sim/judge", "groq/judge"] },
  };
  expect(resolve({}, mixed).simulatedModels).toEqual(["sim/ada-large", "sim/judge"]);
  expect(resolve().simulatedModels).toBeUndefined();
});

test("the quorum is a majority of the answers asked for", () => {
  expect(resolve({ members: [member("groq/a")] }).quorum).toBe(1);
  expect(resolve({ members: [1, 2, 3, 4].map((n) => member(`groq/${n}`)) }).quorum).toBe(3);
  expect(resolve({ members: [member("groq/a", { samples: 5 })] }).quorum).toBe(3);
  expect(resolve({ quorum: 3 }).quorum).toBe(3);
  expect(() => resolve({ quorum: 4 })).toThrow("consensus.quorum: 4 can never be reached. Use 1 to 3");
});

test("votes stop early by default, writing does not", () => {
  expect(resolve({ aggregation: { strategy: "majority" } }).stopEarly).toBe("lossless");
  expect(resolve({ aggregation: { strategy: "concatenate" } }).stopEarly).toBe("off");
  expect(resolve({ aggregation: { strategy: "majority" }, stop_early: "off" }).stopEarly).toBe("off");
});

test("all are asked at once, nobody is hedged, and confident means 95 %", () => {
  expect(resolve({})).toMatchObject({ askFirst: 3, hedgeAfterMs: null, stopConfidence: 0.95 });
  const less = { ask_first: 2, hedge_after_ms: "p95", stop_early: "confident", stop_confidence: 0.8 };
  expect(resolve(less)).toMatchObject({
    askFirst: 2,
    hedgeAfterMs: "p95",
    stopEarly: "confident",
    stopConfidence: 0.8,
  });
  expect(() => resolve({ ask_first: 4 })).toThrow(
    "consensus.ask_first: 4 members are not there. Use 1 to 3, the members, or leave it out for all.",
  );
});

describe("accuracies", () => {
  const members = (...accuracies: readonly (number | null | undefined)[]) =>
    accuracies.map((accuracy, n) => member(`groq/${n}`, accuracy === undefined ? {} : { accuracy }));

  test("of all members or of none", () => {
    const known = resolve({ members: members(0, 0.7, 1), aggregation: { strategy: "weighted" } });
    expect(known.members.map(({ accuracy }) => accuracy)).toEqual([0, 0.7, 1]);
    expect(known.stopEarly).toBe("lossless");
    expect(resolve({ members: members(null, undefined) }).members[0]).not.toHaveProperty("accuracy");
  });

  test("of some are a mistake at each of the others", () => {
    expect(() => resolve({ members: members(0.9, undefined, 0.7, null) })).toThrow(
      "2 mistakes:\n" +
        "- consensus.members[1].accuracy: is missing: 2 of 4 members have one. Set it on all of them, or on none.\n" +
        "- consensus.members[3].accuracy: is missing: 2 of 4 members have one. Set it on all of them, or on none.",
    );
  });
});

test("a majority of the judges decides by default", () => {
  const judged = (count: number, more: object = {}) =>
    resolve({ judge: { mode: "gate", models: Array.from({ length: count }, (_, n) => `a/${n}`), ...more } })
      .judge;
  expect([1, 2, 3, 5].map((count) => judged(count).votesNeeded)).toEqual([1, 2, 2, 3]);
  expect(judged(3, { votes_needed: 3 }).votesNeeded).toBe(3);
  expect(judged(1).models).toEqual(["openrouter/a/0"]);
  expect(() => resolve({ judge: { mode: "annotate" } })).toThrow("consensus.judge.models: is needed");
});

test("layers are those of layered alone", () => {
  const layersOf = (aggregation: object) => resolve({ aggregation }).aggregation.layers;
  expect(layersOf({ strategy: "layered" })).toBe(2);
  expect(layersOf({ strategy: "layered", layers: 4 })).toBe(4);
  expect(layersOf({ strategy: "synthesis", layers: 4 })).toBeUndefined();
});

test("an aggregation alone is made anew only where that can change it", () => {
  const anew = (strategy: string, mode: string) =>
    resolve({
      aggregation: { strategy },
      judge: { mode, models: ["a/j"], regenerate: "aggregate" },
    }).judge.regenerate;
  expect(anew("synthesis", "gate")).toBe("aggregate");
  expect(anew("majority", "annotate")).toBe("aggregate");
  for (const strategy of ["majority", "concatenate"]) {
    expect(() => anew(strategy, "gate")).toThrow(
      `consensus.judge.regenerate: "aggregate" makes the same answer again with ${strategy}. Use "round".`,
    );
  }
});

test("money is whole billionths", () => {
  expect(resolve({ budget: { max_cost_usd: 0.29, max_output_tokens: 5 } }).budget).toEqual({
    maxCostUsdNanos: 290_000_000,
    maxOutputTokens: 5,
  });
});

test("messages keep their order and their text, byte for byte", () => {
  const context = [
    { role: "system", content: " a\u0000\u202e " },
    { role: "assistant", content: "b" },
  ];
  expect(resolve({ aggregation: { context } }).aggregation.context).toEqual([
    { role: "system", parts: [{ type: "text", text: " a\u0000\u202e " }] },
    { role: "assistant", parts: [{ type: "text", text: "b" }] },
  ]);
});

describe("who says how a model writes", () => {
  const written: Preset = {
    members: [member("groq/a", { max_tokens: 10, temperature: 1, seed: 1 })],
    aggregation: { max_tokens: 20, temperature: 0 },
  };
  const sampling = { maxOutputTokens: 99, stop: ["x"] };

  test("the request's sampling replaces the preset's", () => {
    const spec = resolve({}, written, { sampling });
    expect(spec.members[0]?.sampling).toEqual({ maxOutputTokens: 99, temperature: 1, seed: 1, stop: ["x"] });
    expect(spec.aggregation.sampling).toEqual({ maxOutputTokens: 99, temperature: 0, stop: ["x"] });
  });

  test("its consensus object says it of one model, which counts more", () => {
    const override = {
      members: [member("groq/b", { max_tokens: 5 })],
      aggregation: { max_tokens: 6 },
    };
    const spec = resolve(override, written, { sampling });
    expect(spec.members[0]?.sampling).toEqual({ maxOutputTokens: 5, stop: ["x"] });
    expect(spec.aggregation.sampling).toEqual({ maxOutputTokens: 6, temperature: 0, stop: ["x"] });
  });
});

describe("a request changes fields", () => {
  const from: Preset = {
    ...preset,
    deadline_ms: 10_000,
    rounds: { max: 2, stop_when: "never" },
    judge: { mode: "off", models: ["a/j"] },
    budget: { max_cost_usd: 0.5 },
  };

  test("what it does not name stays", () => {
    const spec = resolve({ rounds: { max: 3 }, judge: { mode: "gate" } }, from);
    expect(spec.rounds).toEqual({ max: 3, stopWhen: "never" });
    expect(spec.judge).toMatchObject({ mode: "gate", models: ["openrouter/a/j"] });
    expect(spec.budget).toEqual({ maxCostUsdNanos: 500_000_000 });
  });

  test("deadline and budget only downwards", () => {
    expect(resolve({ deadline_ms: 9_000, budget: { max_cost_usd: 0.4 } }, from)).toMatchObject({
      deadlineMs: 9_000,
      budget: { maxCostUsdNanos: 400_000_000 },
    });
    expect(() => resolve({ deadline_ms: 10_001, budget: { max_cost_usd: 0.51 } }, from)).toThrow(
      "2 mistakes:\n" +
        "- consensus.deadline_ms: 10001 is more than the preset's 10000. A request can only lower it.\n" +
        "- consensus.budget.max_cost_usd: 0.51 is more than the preset's 0.5. A request can only lower it.",
    );
    expect(() => resolve({ deadline_ms: 120_001 })).toThrow("more than the preset's 120000");
  });

  test("the caller's patience shortens the deadline and never lengthens it", () => {
    expect(resolve({}, from, { deadlineMs: 5 }).deadlineMs).toBe(5);
    expect(resolve({}, from, { deadlineMs: 50_000 }).deadlineMs).toBe(10_000);
  });

  test("never above the operator's limits", () => {
    const limits = { ...defaultLimits, rounds: 2, members: 2 };
    expect(() =>
      resolve({ rounds: { max: 3 }, members: [1, 2, 3].map((n) => member(`groq/${n}`)) }, from, { limits }),
    ).toThrow("consensus.members: 3 is more than this server allows");
    expect(
      resolve({ members: [member("groq/a")] }, from, { limits: { ...limits, regenerations: 1 } }).judge,
    ).toMatchObject({ maxRegenerations: 1 });
  });

  test("the preset itself is not changed", () => {
    const before = structuredClone(from);
    resolve({ members: [member("groq/z")], judge: { mode: "gate" } }, from);
    expect(from).toEqual(before);
  });
});
