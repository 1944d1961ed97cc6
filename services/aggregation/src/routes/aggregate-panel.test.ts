import { Code } from "@connectrpc/connect";
import { Strategy } from "@synod/contracts/aggregation";
import { ErrorReason } from "@synod/contracts/error";
import { FinishReason, ResponseFormatType } from "@synod/contracts/model";
import { failureOf, SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, test } from "vitest";
import { aggregationOf, read, type Request, requestOf } from "../testing/house.js";

const members = ["m0", "m1", "m2"].map((model) => ({
  model,
  fallbacks: [`${model}-fallback`],
  sampling: { temperature: 0.25 },
}));
const layered = (more: Request = {}) =>
  requestOf(Strategy.LAYERED, ["say red", "say blue", "say green"], {
    aggregator: { model: "agg" },
    members,
    ...more,
  });

describe("a strategy that asks members again", () => {
  test("asks each with its own model, sampling and fallbacks, all of a step at once", async () => {
    const gate = createGate();
    const { aggregations, asked } = aggregationOf(async ({ model }) => {
      if (model !== "agg") await gate.opened;
      return { text: `${model} says so` };
    });
    const reading = read(aggregations.aggregate(layered()));
    await eventually(() => asked.length === 3);
    gate.open();
    const { order, called, outcome } = await reading;
    expect(order).toEqual(["called", "called", "called", "called", "aggregated"]);
    expect(asked.map(({ question }) => [question.model, question.fallbacks])).toEqual([
      ["m0", ["m0-fallback"]],
      ["m1", ["m1-fallback"]],
      ["m2", ["m2-fallback"]],
      ["agg", []],
    ]);
    expect(asked.slice(0, 3).every(({ question }) => question.sampling?.temperature === 0.25)).toBe(true);
    expect(called.map(({ model, member, attempts }) => [model, member, attempts])).toEqual([
      ["m0", 0, 1],
      ["m1", 1, 1],
      ["m2", 2, 1],
      ["agg", undefined, 1],
    ]);
    expect(called[0]?.promptVersion).toMatch(/^layered\/\d+$/);
    expect(called[3]?.promptVersion).toMatch(/^synthesis\/\d+$/);
    expect(outcome).toMatchObject({ text: "agg says so", aggregatorUnavailable: false });
  });

  test("reports each as it ends, and reads the replies in the order of the questions", async () => {
    const gate = createGate();
    const { aggregations, asked } = aggregationOf(async ({ model }) => {
      if (model === "m0") await gate.opened;
      return { text: `text of ${model}` };
    });
    const models: string[] = [];
    for await (const { event } of aggregations.aggregate(layered())) {
      if (event.case !== "called") continue;
      models.push(event.value.model);
      if (models.length === 2) gate.open();
    }
    expect(models.slice(0, 2).toSorted()).toEqual(["m1", "m2"]);
    expect(models.slice(2)).toEqual(["m0", "agg"]);
    const prompt = JSON.stringify(asked[3]?.question.messages);
    for (const member of members) expect(prompt).toContain(`text of ${member.model}`);
    expect(asked).toHaveLength(4);
  });

  test("F51: a member that fails leaves its earlier answer in place; each call is reported with what it cost", async () => {
    const { aggregations, asked } = aggregationOf(({ model }) =>
      model === "m1"
        ? { then: { error: new SynodError({ reason: "upstream_error", message: "503" }) } }
        : { text: `text of ${model}` },
    );
    const { called, outcome } = await read(aggregations.aggregate(layered()));
    const failed = called.find(({ model }) => model === "m1");
    expect(failed).toMatchObject({ member: 1, attempts: 1, failure: { reason: ErrorReason.UPSTREAM_ERROR } });
    expect(failed?.usage?.costUsdNanos).toBeUndefined();
    expect(JSON.stringify(asked[3]?.question.messages)).toContain("say blue");
    expect(outcome).toMatchObject({ text: "text of agg", aggregatorUnavailable: false });
    expect(asked).toHaveLength(4);
  });

  test("draws a new nonce for each step, so that no reply can hold it", async () => {
    const { aggregations, asked } = aggregationOf(({ messages }) => {
      const nonce = /[0-9a-f]{32}/.exec(JSON.stringify(messages))?.[0];
      return { text: `I saw ${nonce}` };
    });
    await read(aggregations.aggregate(layered()));
    const [first, last] = [asked[0], asked[3]].map((entry) => JSON.stringify(entry?.question.messages));
    const fence = /\[\[begin ([0-9a-f]{32})\]\]/;
    expect(fence.exec(first ?? "")?.[1]).not.toBe(fence.exec(last ?? "")?.[1]);
    expect(last).not.toMatch(new RegExp(`I saw ${fence.exec(last ?? "")?.[1]}`));
    expect(asked).toHaveLength(4);
  });

  test("F25: leaving cancels all of them within a second", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ then: "hang" }));
    const controller = new AbortController();
    const reason = read(aggregations.aggregate(layered(), { signal: controller.signal })).catch(
      (error: unknown) => failureOf(error).reason,
    );
    await eventually(() => asked.length === 3);
    controller.abort();
    expect(await reason).toBe("canceled");
    await eventually(() => asked.every(({ state }) => state === "aborted"));
    expect(asked).toHaveLength(3);
  });

  test("needs them to be named", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "x" }));
    const reading = read(aggregations.aggregate(layered({ members: members.slice(0, 2) })));
    await expect(reading).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(reading).rejects.toThrow("layered asks member 2, who is not there");
    expect(asked).toHaveLength(0);
  });
});

describe("strategies that ask nobody", () => {
  test("weighted: by weights, by log-odds where all accuracies are known", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const answers = [
      { voter: { member: 0, sample: 1 }, text: "Answer: 1", weight: 3, accuracy: 0.6 },
      { voter: { member: 1, sample: 1 }, text: "Answer: 2", weight: 1, accuracy: 0.7 },
      { voter: { member: 2, sample: 1 }, text: "Answer: 2", weight: 1, accuracy: 0.7 },
    ];
    const known = requestOf(Strategy.WEIGHTED, [], { answers });
    expect((await read(aggregations.aggregate(known))).outcome?.answerKey).toBe("2");
    const unknown = answers.map(({ accuracy: _, ...answer }) => answer);
    const { outcome } = await read(
      aggregations.aggregate(requestOf(Strategy.WEIGHTED, [], { answers: unknown })),
    );
    expect(outcome).toMatchObject({ answerKey: "1", agreementRatio: 0.6 });
    expect(outcome?.contributions.map(({ swings }) => swings)).toEqual([true, false, false]);
    expect(asked).toHaveLength(0);
  });

  test("fields: agrees on each value of the schema", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const schemaJson = JSON.stringify({ type: "object", properties: { n: { type: "integer" } } });
    const responseFormat = { type: ResponseFormatType.JSON_SCHEMA, schemaName: "a", schemaJson };
    const request = requestOf(Strategy.FIELDS, ['{"n":1}', '{"n":5}', '{"n":5}'], { responseFormat });
    const { order, outcome } = await read(aggregations.aggregate(request));
    expect(order).toEqual(["aggregated"]);
    expect(outcome).toMatchObject({
      text: '{"n":5}',
      formatProblem: "",
      fields: [{ path: "/n", support: 2, voters: 3 }],
    });
    expect(asked).toHaveLength(0);
  });

  test("tool_calls: the calls that most want, of the tools that were offered", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: "never" }));
    const answerOf = (member: number, name: string, argumentsJson: string) => ({
      voter: { member, sample: 1 },
      toolCalls: [{ id: `c${member}`, name, argumentsJson }],
    });
    const answers = [
      answerOf(0, "f", '{"a":1}'),
      answerOf(1, "f", '{ "a": 1.0 }'),
      answerOf(2, "g", "{}"),
      answerOf(3, "unknown", "{}"),
    ];
    const toolsJson = '{"tools":[{"function":{"name":"f"}},{"function":{"name":"g"}}]}';
    const { outcome } = await read(
      aggregations.aggregate(requestOf(Strategy.TOOL_CALLS, [], { answers, toolsJson })),
    );
    expect(outcome).toMatchObject({ text: "", answerKey: 'f({"a":1})', toolCalls: [{ name: "f" }] });
    expect(outcome?.votes.map(({ counted }) => counted)).toEqual([true, true, true, false]);
    expect(asked).toHaveLength(0);
  });

  test.each(["[]", JSON.stringify({ anyOf: Array.from({ length: 1_001 }, () => true) })])(
    "F36: a response format whose schema is none or too large is refused (%#)",
    async (schemaJson) => {
      const { aggregations, asked } = aggregationOf(() => ({ text: "" }));
      const request = requestOf(Strategy.FIELDS, ["{}"], {
        responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "a", schemaJson },
      });
      await expect(read(aggregations.aggregate(request))).rejects.toMatchObject({
        code: Code.InvalidArgument,
        rawMessage: expect.stringMatching(/response_format\.schema_json: (?:is not|has more than)/),
      });
      expect(asked).toHaveLength(0);
    },
  );
});

describe("a synthesis of a schema", () => {
  const schemaJson = JSON.stringify({
    type: "object",
    properties: { n: { type: "integer" } },
    required: ["n"],
  });
  const request = requestOf(Strategy.SYNTHESIS, ['{"n":1}', '{"n":5}', '{"n":5}'], {
    aggregator: { model: "agg" },
    answerFormat: "json",
    responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "a", schemaJson, strict: true },
    streamText: true,
  });

  test("is asked for in that shape, and goes out as JSON alone once it is valid", async () => {
    const { aggregations, asked } = aggregationOf(() => ({ text: 'Sure:\n```json\n{"n": 7}\n```' }));
    const { order, outcome } = await read(aggregations.aggregate(request));
    expect(order).toEqual(["called", "aggregated"]);
    expect(outcome).toMatchObject({ text: '{"n":7}', aggregatorUnavailable: false, agreementRatio: 0 });
    expect(asked[0]?.question.sampling?.responseFormat).toMatchObject({ schemaJson, strict: true });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["prose", { text: "It is five." }],
    ["another shape", { text: '{"n":"five"}' }],
    ["a cut text", { text: '{"n":', finishReason: FinishReason.LENGTH }],
    ["an error", { then: { error: new SynodError({ reason: "upstream_error", message: "503" }) } }],
  ])("F51: %s gives way to what the answers agree on, and says so", async (_, reply) => {
    const { aggregations, asked } = aggregationOf(() => reply);
    const { outcome } = await read(aggregations.aggregate(request));
    expect(outcome).toMatchObject({ text: '{"n":5}', aggregatorUnavailable: true, formatProblem: "" });
    expect(asked).toHaveLength(1);
  });
});
