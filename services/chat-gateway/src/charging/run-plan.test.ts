import { type Answer, type Prompt, strategies, type StrategyName } from "@synod/consensus";
import { describe, expect, it } from "vitest";
import { judgeSpec, specOf, synthesis } from "../testing/runner.js";
import { type Plan, tokensOf } from "./plan.js";
import { planOfRun } from "./run-plan.js";
import { bytesOf } from "./text-bytes.js";

const question = [{ role: "user", parts: [{ type: "text", text: "What is 6 x 7?" }] }] as const;
const callsIn = ({ steps }: Plan): number =>
  steps.reduce(
    (sum, { calls, times }) => sum + times * calls.reduce((made, call) => made + call.times, 0),
    0,
  );
const member = { sampling: {}, weight: 1, samples: 1, fallbacks: [], family: "x" };
const members = ["sim/a", "sim/b", "sim/c"].map((model) => ({
  ...member,
  model,
  sampling: { maxOutputTokens: 100 },
}));

describe("the most calls of a run", () => {
  // Each judge may be asked twice.
  it.each([
    ["a vote", specOf(), 3],
    ["a synthesis", specOf({ aggregation: synthesis }), 3 + 1],
    ["two rounds", specOf({ aggregation: synthesis, rounds: { max: 2, stopWhen: "never" } }), 2 * (3 + 1)],
    ["a judge", specOf({ judge: judgeSpec("annotate") }), 3 + 2],
    ["a gate", specOf({ aggregation: synthesis, judge: judgeSpec("gate") }), 3 + 1 + 2 + 2 * (3 + 1 + 2)],
    [
      "a gate that aggregates again",
      specOf({ aggregation: synthesis, judge: judgeSpec("gate", { regenerate: "aggregate" }) }),
      3 + 1 + 2 + 2 * (1 + 2),
    ],
    ["samples", specOf({ members: members.map((one) => ({ ...one, samples: 4 })) }), 12],
    [
      "fallbacks of slow members",
      specOf({ members: members.map((one) => ({ ...one, fallbacks: ["sim/d"] })), hedgeAfterMs: 10 }),
      6,
    ],
  ])("of %s", (_what, spec, calls) => {
    expect(callsIn(planOfRun(spec, question))).toBe(calls);
  });

  it("counts a fallback in place of its member, not beside it", () => {
    const spec = specOf({ members: members.map((one) => ({ ...one, fallbacks: ["sim/d"] })) });
    const plan = planOfRun(spec, question);
    expect(callsIn(plan)).toBe(3);
    expect(plan.steps[0]?.calls[0]?.candidates).toEqual([
      { model: "sim/a", maxOutputTokens: 100 },
      { model: "sim/d", maxOutputTokens: 100 },
    ]);
  });
});

describe("the bytes that a call reads", () => {
  const text = "x".repeat(400); // 100 tokens
  const answers: readonly Answer[] = [0, 1, 2].map((index) => ({
    voter: { member: index, sample: 1 },
    text: `${text}${index}`.slice(1),
    weight: 1,
    truncated: false,
  }));

  /** Everything that a strategy asks when it is told this. */
  function promptsOf(name: StrategyName, shown = answers): readonly Prompt[] {
    const sampling = { maxOutputTokens: 100 };
    const input = {
      conversation: question,
      answers: shown,
      answerFormat: "text" as const,
      seed: 1,
      nonce: "0123456789abcdef",
      aggregator: { sampling, context: [], prompt: [] },
      members: members.map(() => ({ sampling })),
      layers: 2,
    };
    const asked: Prompt[] = [];
    for (;;) {
      const replies = asked.map(() => ({ status: "answered" as const, text }));
      const step = strategies[name].next(input, replies);
      if ("outcome" in step) return asked;
      asked.push(...step.ask);
    }
  }

  const asking = Object.values(strategies).filter(({ needsModel }) => needsModel);
  it.each(asking.map(({ name }) => name))("is no less than what %s shows", (strategy) => {
    const aggregation = { ...synthesis, strategy, sampling: { maxOutputTokens: 100 } };
    const plan = planOfRun(specOf({ members, aggregation }), question);
    const planned = plan.steps[1]?.calls[0];
    const prompts = promptsOf(strategy);
    expect(prompts.length).toBeGreaterThan(0);
    expect(prompts.length).toBeLessThanOrEqual(planned?.times ?? 0);
    for (const { messages, to, sampling } of prompts) {
      expect(bytesOf(messages)).toBeLessThanOrEqual(planned?.inputBytes ?? 0);
      const model = to === "aggregator" ? synthesis.model : `sim/${"abc"[to]}`;
      const most = planned?.candidates.filter((one) => one.model === model).map((one) => one.maxOutputTokens);
      expect(Math.max(...(most ?? []).map((tokens) => tokens ?? Infinity))).toBeGreaterThanOrEqual(
        sampling.maxOutputTokens ?? 8_192,
      );
    }
  });

  it("is no less than the bytes of answers in a script of three bytes a character", () => {
    const unlimited = members.map((one) => ({ ...one, sampling: {} }));
    const plan = planOfRun(specOf({ members: unlimited, aggregation: synthesis }), question);
    const long = "漢".repeat(40_000);
    const shown = answers.map((answer) => ({ ...answer, text: long }));
    const [prompt] = promptsOf("synthesis", shown);
    expect(bytesOf(prompt?.messages ?? [])).toBeGreaterThan(3 * 96_000);
    expect(plan.steps[1]?.calls[0]?.inputBytes).toBeGreaterThanOrEqual(bytesOf(prompt?.messages ?? []));
  });

  it("of an image or a file is a lot, since nobody says what it counts", () => {
    const image = { type: "other", json: '{"type":"image_url"}' } as const;
    expect(planOfRun(specOf(), [{ role: "user", parts: [image] }]).sentBytes).toBe(65_536 + 16);
  });

  it("of tools and schemas goes to every member", () => {
    const { sentBytes } = planOfRun(specOf(), question);
    const schema = { type: "json_schema", name: "x", schemaJson: "{}", strict: true } as const;
    const shaped = planOfRun(specOf({ toolsJson: '{"tools":[]}', responseFormat: schema }), question);
    expect(shaped.sentBytes).toBe(sentBytes + '{"tools":[]}{}'.length);
  });
});

describe("the tokens of a request", () => {
  it("are what is sent with each call and what may be written, each step once", () => {
    const spec = specOf({
      members,
      aggregation: { ...synthesis, sampling: { maxOutputTokens: 200 } },
      rounds: { max: 2, stopWhen: "never" },
    });
    const read = Math.ceil((14 + 16) / 4);
    const once = 3 * (read + 100) + (read + 200);
    expect(tokensOf(planOfRun(spec, question))).toBe(once + 3 * (read + 100));
  });
});
