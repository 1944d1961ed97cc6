import { describe, expect, test } from "vitest";
import { runScript, type Says } from "../testing/scripted-run.js";
import { completion, failure, specWith } from "../testing/specs.js";
import type { RunCommand } from "./command.js";
import type { ResponseFormat } from "./sampling.js";

const toolsJson = '{"tools":[{"type":"function","function":{"name":"get_weather"}}]}';
const calls = specWith({ aggregation: { strategy: "tool_calls" }, toolsJson, quorum: 2 });
const calling = (city: string, text = ""): Says =>
  completion(text, {
    toolCalls: [{ id: `call_${city}`, name: "get_weather", argumentsJson: `{"city":"${city}"}` }],
    finishReason: "tool_calls",
  });
const saying =
  (...says: readonly Says[]) =>
  (_round: number, voter: number): Says =>
    says[voter] ?? "";
const words = '{"tool_calls":[{"name":"get_weather","arguments":"{\\"city\\":\\"Paris\\"}"}]}';

/** The commands of one kind. */
const commandsOf = <Type extends RunCommand["type"]>(commands: readonly RunCommand[], type: Type) =>
  commands.filter(
    (command): command is Extract<RunCommand, { readonly type: Type }> => command.type === type,
  );

describe("a run whose answer is calls of tools", () => {
  test("ends with the calls that most members want", () => {
    const { record } = runScript(calls, {
      members: saying(calling("Paris", "Let me see."), calling("Lyon"), calling("Paris")),
    });
    expect(record).toMatchObject({
      strategy: "tool_calls",
      agreement: 2 / 3,
      stopped: "complete",
      degraded: [],
      dissent: [{ answerKey: 'get_weather({"city":"Lyon"})', models: ["m1"] }],
      calls: { made: 3, saved: 0 },
      result: {
        status: "completed",
        answer: "",
        toolCalls: [{ id: "call_Paris", name: "get_weather", argumentsJson: '{"city":"Paris"}' }],
      },
    });
    expect(record.members.map(({ status, answerKey, swings }) => [status, answerKey, swings])).toEqual([
      ["answered", 'get_weather({"city":"Paris"})', expect.any(Boolean)],
      ["answered", 'get_weather({"city":"Lyon"})', false],
      ["answered", 'get_weather({"city":"Paris"})', expect.any(Boolean)],
    ]);
  });

  test("ends with a text when most members call none", () => {
    const { record } = runScript(calls, {
      members: saying("It is 21 degrees", calling("Paris"), "21 degrees."),
    });
    expect(record.result).toMatchObject({ status: "completed", answer: expect.stringContaining("21") });
    expect(record.result).not.toHaveProperty("toolCalls");
  });

  test("F20: calls of a tool that was not offered are no answer, and no quorum", () => {
    const { toolsJson: _, ...without } = calls;
    for (const spec of [without, { ...calls, toolsJson: '{"tools":[]}' }]) {
      const { record } = runScript(spec, { members: () => calling("Paris") });
      expect(record.result).toMatchObject({ status: "failed", failure: { reason: "quorum_not_met" } });
      expect(record.members.every(({ status }) => status === "abstained")).toBe(true);
    }
  });

  describe("whose tools have schemas", () => {
    const parameters = { type: "object", properties: { city: { enum: ["Paris", "Lyon"] } } };
    const strict = {
      ...calls,
      toolsJson: JSON.stringify({
        tools: [{ type: "function", function: { name: "get_weather", parameters } }],
      }),
    };
    const reason = {
      reason: "invalid_arguments",
      message: 'The arguments of get_weather: /city fails "enum".',
    };

    test("a call whose arguments are not of them abstains, and the record says why", () => {
      const { record } = runScript(strict, {
        members: saying(calling("Atlantis"), calling("Lyon"), calling("Lyon")),
      });
      expect(record.members.map(({ status, counted, abstention }) => [status, counted, abstention])).toEqual([
        ["abstained", false, reason],
        ["answered", true, null],
        ["answered", true, null],
      ]);
      expect(record).toMatchObject({ agreement: 1, result: { toolCalls: [{ id: "call_Lyon" }] } });
    });

    test("where all are wrong there is no answer, and the failure says why", () => {
      const { record } = runScript(strict, { members: () => calling("Atlantis") });
      expect(record.result).toEqual({
        status: "failed",
        failure: {
          reason: "quorum_not_met",
          message:
            "0 of 3 answers are usable, 2 are needed; 3 without an answer that has a vote (invalid_arguments).",
          retryable: false,
        },
      });
      expect(record.members.map(({ abstention }) => abstention)).toEqual([reason, reason, reason]);
    });
  });

  test("tells a further round and a judge the calls in words", () => {
    const spec = {
      ...calls,
      rounds: { max: 2, stopWhen: "never" as const },
      judge: { ...calls.judge, mode: "annotate" as const },
    };
    const { commands, record } = runScript(spec, { members: () => calling("Paris") });
    expect(commandsOf(commands, "ask_round")[1]?.messages.at(-2)?.parts).toEqual([
      { type: "text", text: `Consensus: ${words}` },
    ]);
    expect(commandsOf(commands, "judge")).toMatchObject([{ answer: words, isText: false }]);
    expect(record).toMatchObject({
      validated: true,
      rounds: 2,
      result: { toolCalls: [{ id: "call_Paris" }] },
    });
  });

  test("is settled when a round repeats the calls of an earlier one, not when both have no text", () => {
    const spec = { ...calls, rounds: { max: 4, stopWhen: "stable" as const } };
    const cities = ["Paris", "Lyon", "Nice", "Rome"];
    const changing = runScript(spec, {
      members: (round, voter) => calling(voter === 2 ? "Bonn" : (cities[round - 1] ?? "")),
    });
    expect(changing.record).toMatchObject({ rounds: 4, stopped: "max_rounds" });
    const same = runScript(spec, { members: (_, voter) => calling(voter === 2 ? "Bonn" : "Paris") });
    expect(same.record).toMatchObject({ rounds: 2, stopped: "stable" });
  });

  test("goes out with the calls in hand when the deadline passes", () => {
    const { record } = runScript(calls, {
      members: () => calling("Paris"),
      interrupt: (command) => (command.type === "aggregate" ? { type: "deadline_reached" } : null),
    });
    expect(record).toMatchObject({ stopped: "deadline", result: { toolCalls: [{ id: "call_Paris" }] } });
  });
});

describe("a run whose answer is of a schema", () => {
  const responseFormat: ResponseFormat = {
    type: "json_schema",
    name: "answer",
    schemaJson: '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}',
    strict: true,
  };
  const shaped = (strategy: "fields" | "synthesis", more: object = {}) =>
    specWith({ aggregation: { strategy, ...more }, responseFormat, answerFormat: "json", quorum: 2 });
  const members = saying('{"n":1}', '```json\n{"n": 5}\n```', '{"n":5}');

  test("agrees field by field, and tells how far", () => {
    const { record } = runScript(shaped("fields"), { members });
    expect(record).toMatchObject({
      agreement: 2 / 3,
      fields: [{ path: "/n", support: 2, voters: 3 }],
      formatProblem: null,
      result: { answer: '{"n":5}' },
    });
  });

  test("tells who was not of the schema", () => {
    const { record } = runScript(shaped("fields"), { members: saying('{"n":1}', '{"n":"x"}', "no") });
    expect(record.members.map(({ abstention }) => abstention?.reason)).toEqual([
      undefined,
      "not_of_schema",
      "no_json",
    ]);
  });

  test.each(["fields", "synthesis"] as const)(
    "is any JSON object where no more is asked for (%s)",
    (strategy) => {
      const spec = { ...shaped(strategy), responseFormat: { type: "json_object" as const } };
      const { record } = runScript(spec, { members, aggregation: () => "down" });
      expect(record).toMatchObject({ formatProblem: null, result: { answer: '{"n":5}' } });
    },
  );

  test("says what is wrong where no answer is valid", () => {
    const { record } = runScript(shaped("fields"), { members: () => '{"n":"five"}' });
    expect(record).toMatchObject({ formatProblem: '/n fails "type".', result: { answer: '{"n":"five"}' } });
  });

  test.each(["fields", "synthesis"] as const)(
    "F51: goes out in that shape when the aggregation cannot be reached (%s)",
    (strategy) => {
      const { record } = runScript(shaped(strategy), { members, aggregation: () => "down" });
      expect(record).toMatchObject({ degraded: ["aggregator_unavailable"], result: { answer: '{"n":5}' } });
    },
  );

  test("F51: goes out in that shape when the aggregator fails or writes something else", () => {
    for (const said of ["It is five.", failure("upstream_error")]) {
      const { record, paid } = runScript(shaped("synthesis"), { members, aggregator: () => said });
      expect(record).toMatchObject({ degraded: ["aggregator_unavailable"], result: { answer: '{"n":5}' } });
      expect(paid.aggregator).toBe(1);
    }
  });

  test("goes out in that shape when all agree and nobody has to be asked", () => {
    const { record, paid } = runScript(shaped("synthesis", { when: "disagree" }), {
      members: () => 'Here:\n```json\n{"n": 5}\n```',
    });
    expect(record).toMatchObject({ calls: { made: 3, saved: 1 }, result: { answer: '{"n":5}' } });
    expect(paid.aggregator).toBe(0);
  });
});
