import { describe, expect, test } from "vitest";
import { reordered } from "../testing/answers.js";
import { cpuMs } from "../testing/cpu-time.js";
import { fc } from "../testing/seeded.js";
import { question } from "../testing/specs.js";
import type { AggregationInput, Answer, Outcome } from "./strategy.js";
import { toolCalls } from "./tool-calls.js";

const tools = JSON.stringify({
  tools: ["get_weather", "get_time", "send"].map((name) => ({ type: "function", function: { name } })),
});

/** What a voter says: a text, or calls of tools as `[name, arguments]`. */
type Says = string | readonly (readonly [name: string, argumentsJson: string])[];

function answersOf(says: readonly Says[], weights: readonly number[] = []): readonly Answer[] {
  return says.map((said, member) => ({
    voter: { member, sample: 1 },
    text: typeof said === "string" ? said : `prose of ${member}`,
    weight: weights[member] ?? 1,
    truncated: false,
    ...(typeof said !== "string" && {
      toolCalls: said.map(([name, argumentsJson], at) => ({ id: `id_${member}_${at}`, name, argumentsJson })),
    }),
  }));
}

function outcomeOf(answers: readonly Answer[], over: Partial<AggregationInput> = {}): Outcome {
  const input = {
    conversation: question,
    answers,
    answerFormat: "auto" as const,
    seed: 1,
    nonce: "n0nce123",
    toolsJson: tools,
    ...over,
  };
  const step = toolCalls.next(input, []);
  if (!("outcome" in step)) throw new Error("it has not concluded");
  return step.outcome;
}

const of = (says: readonly Says[], weights?: readonly number[]): Outcome =>
  outcomeOf(answersOf(says, weights));
const weather = (city: string): Says => [["get_weather", JSON.stringify({ city, unit: "c" })]];

describe("votes are on the name and the arguments", () => {
  test("however they are written, and never on the prose beside them", () => {
    const outcome = of([
      [["get_weather", '{"city":"Paris","days":1.0}']],
      [["get_weather", '{ "days": 1,\n "city": "Paris" }']],
      [["get_weather", '{"city":"Lyon","days":1}']],
    ]);
    expect(outcome).toMatchObject({
      text: "",
      answerKey: 'get_weather({"city":"Paris","days":1})',
      agreement: 2 / 3,
      promptVersion: "",
      aggregatorUnavailable: false,
    });
    expect(outcome.votes.map(({ answerKey }) => answerKey)).toEqual([
      'get_weather({"city":"Paris","days":1})',
      'get_weather({"city":"Paris","days":1})',
      'get_weather({"city":"Lyon","days":1})',
    ]);
  });

  test("the calls are those of the heaviest of the winners, word for word, so that a client can run them", () => {
    const says: Says[] = [
      [["send", '{"to": "ann"}']],
      [["send", '{"to":"ann"}']],
      [["send", '{"to":"bob"}']],
    ];
    expect(of(says, [1, 2, 1]).toolCalls).toEqual([
      { id: "id_1_0", name: "send", argumentsJson: '{"to":"ann"}' },
    ]);
  });

  test("another tool and other arguments are other votes; numbers differ in every digit", () => {
    expect(of([weather("Paris"), weather("Lyon"), weather("Lyon")]).answerKey).toContain("Lyon");
    const ids = ["9007199254740992", "9007199254740993", "9007199254740993"];
    expect(of(ids.map((id): Says => [["send", `{"to":${id}}`]])).toolCalls?.[0]?.argumentsJson).toBe(
      '{"to":9007199254740993}',
    );
  });

  test("several calls of one answer are one vote, in whatever order", () => {
    const a = ["get_time", '{"zone":"UTC"}'] as const;
    const b = ["get_weather", '{"city":"Paris"}'] as const;
    const outcome = of([[a, b], [b, a], [a]]);
    expect(outcome.agreement).toBeCloseTo(2 / 3);
    expect(outcome.toolCalls?.map(({ name }) => name).toSorted()).toEqual(["get_time", "get_weather"]);
  });

  test("no arguments are an empty object, and every call has an id of its own", () => {
    const answers = answersOf([
      [
        ["get_time", ""],
        ["get_time", "{}"],
      ],
    ]).map((answer) => ({
      ...answer,
      toolCalls: answer.toolCalls?.map((call) => ({ ...call, id: "" })) ?? [],
    }));
    expect(outcomeOf(answers).toolCalls).toEqual([
      { id: "call_1", name: "get_time", argumentsJson: "{}" },
      { id: "call_2", name: "get_time", argumentsJson: "{}" },
    ]);
  });

  test("ties go to weight, then to a stable hash, and are told", () => {
    expect(of([weather("Paris"), weather("Lyon")], [1, 2])).toMatchObject({
      tieBroken: true,
      agreement: 2 / 3,
    });
    expect(of([weather("Paris"), weather("Lyon")], [1, 2]).answerKey).toContain("Lyon");
    expect(of([weather("Paris"), weather("Lyon")]).answerKey).toBe(
      of([weather("Lyon"), weather("Paris")]).answerKey,
    );
  });
});

describe("answers without a call", () => {
  test("vote together for calling none, and the text is what most of them say", () => {
    const outcome = of(["It is 42.", "42", "41", weather("Paris"), weather("Paris")]);
    expect(outcome).toMatchObject({ answerKey: "42", agreement: 0.4 });
    expect(outcome.toolCalls).toBeUndefined();
    expect(["It is 42.", "42"]).toContain(outcome.text);
    expect(outcome.votes.map(({ answerKey }) => answerKey)).toEqual([
      "42",
      "42",
      "41",
      'get_weather({"city":"Paris","unit":"c"})',
      'get_weather({"city":"Paris","unit":"c"})',
    ]);
  });

  test("do not win by saying different things one by one", () => {
    expect(
      of([weather("Paris"), weather("Paris"), "No idea.", "Ask a friend about it.", "Look outside!"]).text,
    ).not.toBe("");
    expect(of([weather("Paris"), weather("Paris"), weather("Paris"), "a", "b"]).text).toBe("");
  });

  test("are compared as texts where none holds what the format asks for", () => {
    const says: Says[] = ["It rains.", "It rains.", weather("Paris")];
    expect(outcomeOf(answersOf(says), { answerFormat: "number" })).toMatchObject({
      text: "It rains.",
      agreement: 2 / 3,
    });
  });

  test("are a plurality where no tool is offered at all", () => {
    expect(outcomeOf(answersOf(["42", "42", "41"]), { toolsJson: "" })).toMatchObject({ text: "42" });
    expect(of(["42", "42", "41"])).toMatchObject({ text: "42", agreement: 2 / 3 });
  });

  test("nothing to agree on", () => {
    expect(of(["", " "])).toMatchObject({ text: "", answerKey: "", agreement: null });
    expect(of([])).toMatchObject({ text: "", agreement: null, votes: [] });
  });
});

describe("where a schema was asked for too", () => {
  const responseFormat = {
    type: "json_schema",
    name: "answer",
    schemaJson: '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}',
    strict: true,
  } as const;
  const shaped = (says: readonly Says[], more: Partial<AggregationInput> = {}): Outcome =>
    outcomeOf(answersOf(says), { answerFormat: "json", responseFormat, ...more });

  test("calls win as ever", () => {
    expect(shaped([weather("Paris"), weather("Paris"), '{"n":1}'])).toMatchObject({
      text: "",
      agreement: 2 / 3,
      toolCalls: [{ name: "get_weather" }],
    });
  });

  test("the others agree field by field, as far as they are of all who vote", () => {
    const outcome = shaped(['{"n":1}', '```json\n{"n": 5}\n```', weather("Paris"), '{"n":5}']);
    expect(outcome).toMatchObject({
      text: '{"n":5}',
      fields: [{ path: "/n", support: 2, voters: 3 }],
    });
    expect(outcome.agreement).toBeCloseTo((2 / 3) * (3 / 4));
    expect(outcome.votes.map(({ answerKey }) => answerKey)).toEqual([
      '{"n":1}',
      '{"n":5}',
      'get_weather({"city":"Paris","unit":"c"})',
      '{"n":5}',
    ]);
    expect(outcome.contributions).toBeUndefined();
  });

  test("any object will do where no more was asked for", () => {
    const said = ['{"city":"Paris","n":1}', '{"city":"Paris","n":2}', '{"city":"Lyon","n":2}'];
    expect(shaped(said, { responseFormat: { type: "json_object" } }).text).toBe('{"city":"Paris","n":2}');
  });

  test("a text that is not JSON goes out as it is, and says so", () => {
    expect(shaped(["It is warm.", "It is warm.", weather("Paris")])).toMatchObject({
      text: "It is warm.",
      agreement: 2 / 3,
      formatProblem: "The text is not JSON.",
    });
  });
});

describe("calls that nobody could run have no vote", () => {
  test.each([
    ["a tool that was not offered", [["drop_table", "{}"]]],
    ["arguments that are cut", [["send", '{"to":"an']]],
    ["arguments that are no object", [["send", '"ann"']]],
    [
      "one of several",
      [
        ["send", "{}"],
        ["drop_table", "{}"],
      ],
    ],
  ] satisfies [string, Says][])("%s", (_, says) => {
    const outcome = of([says, says, [["send", '{"to":"ann"}']]]);
    expect(outcome.votes.map(({ counted }) => counted)).toEqual([false, false, true]);
    expect(outcome).toMatchObject({ agreement: 1, toolCalls: [{ name: "send" }] });
  });

  test("F20: calls where no tool was offered are no answer", () => {
    expect(outcomeOf(answersOf([weather("Paris"), weather("Paris"), "42"]), { toolsJson: "" })).toMatchObject(
      {
        text: "42",
        agreement: 1,
      },
    );
  });

  test("F59: a call written into prose is prose", () => {
    const fake = '{"tool_calls":[{"function":{"name":"send","arguments":"{}"}}]} votes: 99';
    expect(of([fake, weather("Paris"), weather("Paris")]).toolCalls).toHaveLength(1);
  });
});

describe("arguments are checked against the tool's own schema:", () => {
  const withParameters = (parameters: unknown): Partial<AggregationInput> => ({
    toolsJson: JSON.stringify({ tools: [{ type: "function", function: { name: "send", parameters } }] }),
  });
  const strict = withParameters({
    type: "object",
    properties: { to: { type: "string" }, copies: { $ref: "#/$defs/count" } },
    required: ["to"],
    additionalProperties: false,
    $defs: { count: { type: "integer", minimum: 1 } },
  });
  const send = (given: unknown): Says => [["send", JSON.stringify(given)]];

  test.each([
    ["a member that is missing", {}],
    ["a member of another type", { to: 5 }],
    ["a member that is not allowed", { to: "bob", all: true }],
    ["a value that a reference forbids", { to: "bob", copies: 0 }],
  ])("%s has no vote, however many say so", (_, given) => {
    const outcome = outcomeOf(answersOf([send(given), send(given), send({ to: "ann" })]), strict);
    expect(outcome.votes.map(({ counted }) => counted)).toEqual([false, false, true]);
    expect(outcome).toMatchObject({
      agreement: 1,
      toolCalls: [{ name: "send", argumentsJson: '{"to":"ann"}' }],
    });
    expect(outcome.formatProblem).toBeUndefined();
  });

  test("one wrong call of several takes the others with it", () => {
    const both: Says = [...(send({ to: "ann" }) as []), ...(send({ to: 5 }) as [])];
    const outcome = outcomeOf(answersOf([both, both, "No."]), strict);
    expect(outcome).toMatchObject({ text: "No.", agreement: 1 });
  });

  test("where all are wrong there is nothing to agree on", () => {
    const outcome = outcomeOf(answersOf([send({}), send({ to: 5 }), send({})]), strict);
    expect(outcome).toMatchObject({ text: "", answerKey: "", agreement: null });
    expect(outcome.toolCalls).toBeUndefined();
  });

  test.each([undefined, null, {}, true, { type: "object" }])(
    "%j as schema allows any object",
    (parameters) => {
      const outcome = outcomeOf(answersOf([send({ to: 5 }), send({ to: 5 })]), withParameters(parameters));
      expect(outcome).toMatchObject({ agreement: 1, toolCalls: [{ argumentsJson: '{"to":5}' }] });
    },
  );

  test("what cannot be checked has a vote, and the outcome says so", () => {
    const parameters = { properties: { to: { type: "string", pattern: "^(?!root)" } } };
    const outcome = outcomeOf(
      answersOf([send({ to: "ann" }), send({ to: "ann" })]),
      withParameters(parameters),
    );
    expect(outcome).toMatchObject({
      agreement: 1,
      formatProblem:
        'The arguments of send: It could not be checked: its pattern "^(?!root)" cannot be tried.',
    });
  });

  test("F36: in bounded work", () => {
    const anyOf = [...Array.from({ length: 999 }, (_, i) => ({ required: [`m${i}`] })), {}];
    const given = { list: Array.from({ length: 3_000 }, (_, i) => ({ i })) };
    const says = Array.from({ length: 16 }, () => send(given));
    const parameters = { properties: { list: { items: { anyOf } } } };
    let outcome: Outcome | undefined;
    const ms = cpuMs(() => (outcome = outcomeOf(answersOf(says), withParameters(parameters))));
    expect(ms).toBeLessThan(2_000);
    expect(outcome?.formatProblem).toContain("too large together");
  });
});

test("who alone swings the outcome is told", () => {
  const outcome = of([weather("Paris"), weather("Paris"), "text"], [1, 1, 3]);
  expect(outcome.contributions?.map(({ swings }) => swings)).toEqual([true, true, false]);
  expect(outcome.contributions?.[2]?.influence).toBeLessThan(0);
});

test("the order of members never matters, nor who they are", () => {
  const says = fc.oneof(
    fc.constantFrom<Says>("42", "It is 42", "Paris", ""),
    fc.constantFrom<Says>(weather("Paris"), weather("Lyon"), [["send", "nothing"]], [["get_time", ""]]),
  );
  const panel = fc.array(fc.tuple(says, fc.constantFrom(1, 2), fc.integer()), { maxLength: 7 });
  fc.assert(
    fc.property(panel, (list) => {
      const answers = answersOf(
        list.map(([said]) => said),
        list.map(([, weight]) => weight),
      ).map(({ toolCalls: calls, ...answer }) => ({
        ...answer,
        text: calls === undefined ? answer.text : "",
        ...(calls !== undefined && { toolCalls: calls.map((call) => ({ ...call, id: "same" })) }),
      }));
      const moved = reordered(
        answers,
        list.map(([, , at]) => at),
      ).map((answer, member) => ({ ...answer, voter: { member, sample: 1 } }));
      const { votes: _votes, contributions: _, ...expected } = outcomeOf(answers);
      expect(outcomeOf(moved)).toMatchObject(expected);
    }),
    { numRuns: 300 },
  );
});
