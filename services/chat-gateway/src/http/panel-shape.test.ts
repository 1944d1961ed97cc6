import { FinishReason, ResponseFormatType, Role } from "@synod/contracts/model";
import type { Preset } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, defaultPreset, startGateway, type TestGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { type Reply, says, textOf } from "../testing/script.js";

const path = "/v1/chat/completions";
const schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
const response_format = { type: "json_schema", json_schema: { name: "answer", schema, strict: true } };
const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }];
const presetOf = (strategy: NonNullable<Preset["aggregation"]>["strategy"]): Preset => ({
  ...defaultPreset,
  aggregation: { strategy },
});
const presets = {
  fields: presetOf("fields"),
  synthesis: presetOf("synthesis"),
  calls: presetOf("tool_calls"),
};

const call = { id: "call_9", name: "get_weather", argumentsJson: '{"city": "Paris"}' };
const calling: Reply = {
  whole: {
    message: {
      $typeName: "synod.model.v1.Message",
      role: Role.ASSISTANT,
      parts: [],
      name: "",
      toolCalls: [{ $typeName: "synod.model.v1.ToolCall", ...call }],
      toolCallId: "",
      refusal: "",
      reasoning: "",
      extraJson: "",
    },
    finishReason: FinishReason.TOOL_CALLS,
  },
};
const callsOutcome: Reply = {
  outcome: { text: "", answerKey: 'get_weather({"city":"Paris"})', agreementRatio: 1, toolCalls: [call] },
};

describe("an answer of a schema", () => {
  it.each(["fields", "synthesis"])("is asked of every member and of the aggregation (%s)", async (name) => {
    await using house = await startGateway({
      presets,
      script: { member: () => says('{"n":1}'), aggregate: () => says('{"n":1}') },
    });
    const answer = await bodyOf(await house.post(path, ask({ model: `synod/${name}`, response_format })));
    expect(answer.choices[0].message.content).toBe('{"n":1}');
    const asked = {
      type: ResponseFormatType.JSON_SCHEMA,
      schemaName: "answer",
      schemaJson: JSON.stringify(schema),
      strict: true,
    };
    expect(house.ledger.rounds[0]).toMatchObject({ responseFormat: asked, answerFormat: "json" });
    expect(house.ledger.aggregations[0]).toMatchObject({ responseFormat: asked, answerFormat: "json" });
    expect(house.ledger.paid).toBe(name === "fields" ? 3 : 4);
  });

  it("tells how far the voters agree on each value, and what is wrong with its shape", async () => {
    const fields = [{ path: "/n", agreementRatio: 0.5, support: 1, voters: 3 }];
    await using house = await startGateway({
      presets,
      script: {
        member: () => says('{"n":1}'),
        aggregate: () => ({
          ...says('{"n":1}'),
          outcome: { text: '{"n":1}', fields, formatProblem: "/n fails.", tieBroken: true },
        }),
      },
    });
    const { consensus } = await bodyOf(
      await house.post(path, ask({ model: "synod/fields", response_format })),
    );
    expect(consensus).toMatchObject({
      fields: [{ path: "/n", agreement: 0.5, support: 1, voters: 3 }],
      format_problem: "/n fails.",
      tie_broken: true,
    });
    expect(house.ledger.paid).toBe(3);
  });
});

describe("F36: a schema that answers could not be checked against in good time", () => {
  const alternatives = Array.from({ length: 3_000 }, (_, i) => ({ type: "object", required: [`k${i}`] }));

  it.each(["fields", "synthesis"])("is refused by name, and nothing is asked (%s)", async (name) => {
    await using house = await startGateway({ presets, script: { member: () => says('{"n":1}') } });
    const large = { type: "object", properties: { list: { items: { anyOf: alternatives } } } };
    const response = await house.post(
      path,
      ask({
        model: `synod/${name}`,
        response_format: { type: "json_schema", json_schema: { name: "answer", schema: large } },
      }),
    );
    expect(response.status).toBe(400);
    expect((await bodyOf(response)).error).toMatchObject({
      code: "invalid_value",
      param: "response_format",
      message: expect.stringContaining("more than 1000 alternatives in /properties/list/items/anyOf"),
    });
    expect(house.ledger.paid).toBe(0);
  });
});

describe("tools", () => {
  const script = { member: () => calling, aggregate: () => callsOutcome };
  const question = (more: object = {}): object =>
    ask({ model: "synod/calls", tools, tool_choice: "auto", ...more });

  it("are offered to every member, and the answer calls them as OpenAI's would", async () => {
    await using house = await startGateway({ presets, script });
    const answer = await bodyOf(await house.post(path, question()));
    expect(answer.choices).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: null,
          refusal: null,
          tool_calls: [
            {
              id: "call_9",
              type: "function",
              function: { name: "get_weather", arguments: '{"city": "Paris"}' },
            },
          ],
        },
        logprobs: null,
        finish_reason: "tool_calls",
      },
    ]);
    const toolsJson = JSON.stringify({ tools, tool_choice: "auto" });
    expect(house.ledger.rounds[0]?.toolsJson).toBe(toolsJson);
    expect(house.ledger.aggregations[0]).toMatchObject({ toolsJson });
    expect(house.ledger.aggregations[0]?.answers[0]?.toolCalls).toMatchObject([call]);
    expect(house.ledger.paid).toBe(3);
  });

  it("are called in a stream too", async () => {
    await using house = await startGateway({ presets, script });
    const { chunks, done, text } = await readStream(await house.post(path, question({ stream: true })));
    expect(done).toBe(true);
    expect(text).toBe("");
    expect(chunks.map(({ choices }) => choices[0]?.delta).filter((delta) => delta?.tool_calls)).toEqual([
      {
        tool_calls: [
          {
            index: 0,
            id: "call_9",
            type: "function",
            function: { name: "get_weather", arguments: '{"city": "Paris"}' },
          },
        ],
      },
    ]);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("tool_calls");
    expect(chunks.at(-1)?.consensus).toMatchObject({ strategy: "tool_calls", calls: { made: 3 } });
    expect(house.ledger.paid).toBe(3);
  });

  it("are told to a judge and to a further round in words, and never stream as text", async () => {
    const judged = {
      ...presetOf("tool_calls"),
      judge: { mode: "annotate" as const, models: ["sim/judge"] },
      rounds: { max: 2, stop_when: "never" as const },
    };
    await using house = await startGateway({ presets: { calls: judged }, script });
    const { text, chunks } = await readStream(await house.post(path, question({ stream: true })));
    expect(text).toBe("");
    expect(chunks.at(-1)?.consensus).toMatchObject({ validated: true, rounds: 2 });
    const words = '{"tool_calls":[{"name":"get_weather","arguments":"{\\"city\\": \\"Paris\\"}"}]}';
    expect(house.ledger.judgements[0]?.answer).toBe(words);
    expect(textOf(house.ledger.rounds[1]?.messages[1])).toBe(`Consensus: ${words}`);
    expect(house.ledger.paid).toBe(7);
  });

  it("go on with what they gave back", async () => {
    await using house = await startGateway({ presets });
    const tool_calls = [
      { id: "call_9", type: "function", function: { name: "get_weather", arguments: "{}" } },
    ];
    const messages = [
      { role: "user", content: "How warm is it?" },
      { role: "assistant", content: null, tool_calls },
      { role: "tool", tool_call_id: "call_9", content: "21 degrees" },
    ];
    const answer = await bodyOf(await house.post(path, question({ messages })));
    expect(answer.choices[0]).toMatchObject({ message: { content: "42" }, finish_reason: "stop" });
    expect(house.ledger.rounds[0]?.messages).toMatchObject([
      { role: Role.USER },
      { role: Role.ASSISTANT, toolCalls: [{ id: "call_9", name: "get_weather", argumentsJson: "{}" }] },
      { role: Role.TOOL, toolCallId: "call_9" },
    ]);
    expect(house.ledger.paid).toBe(3);
  });
});

describe("a panel takes another strategy for what its own cannot do", () => {
  const anyObject = { type: "json_object" };

  it.each([
    ["default", { tools }, "tool_calls"],
    ["fields", { tools, response_format }, "tool_calls"],
    ["default", { response_format }, "fields"],
    ["default", { response_format: anyObject }, "fields"],
    ["calls", { response_format }, "fields"],
    ["synthesis", { response_format }, "synthesis"],
    ["synthesis", { response_format: anyObject }, "synthesis"],
  ])("%s %j: %s", async (preset, fields, strategy) => {
    await using house = await startGateway({
      presets,
      script: { member: () => says('{"n":1}'), aggregate: () => says('{"n":1}') },
    });
    const answer = await bodyOf(await house.post(path, ask({ model: `synod/${preset}`, ...fields })));
    expect(answer.consensus).toMatchObject({ preset, strategy });
    expect(answer.choices[0].message.content).toBe('{"n":1}');
    expect(house.ledger.rounds[0]?.toolsJson).toBe("tools" in fields ? JSON.stringify({ tools }) : "");
    expect(house.ledger.rounds[0]?.responseFormat !== undefined).toBe("response_format" in fields);
    expect(house.ledger.paid).toBe(strategy === "synthesis" ? 4 : 3);
  });
});

describe("what the strategy that a request names cannot honour is refused by name, before anything is paid", () => {
  const refused = async (house: TestGateway, body: object) => {
    const response = await house.post(path, body);
    return { status: response.status, ...(await bodyOf(response)).error };
  };

  it.each([
    ["majority", { response_format }, "response_format"],
    ["majority", { response_format: { type: "json_object" } }, "response_format"],
    ["majority", { tools }, "tools"],
    ["fields", { tools, response_format }, "tools"],
    ["fields", {}, "response_format"],
  ])("%s %j", async (strategy, fields, param) => {
    await using house = await startGateway({ presets });
    const error = await refused(house, ask({ ...fields, consensus: { aggregation: { strategy } } }));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error", param });
    expect(error.message).toContain(param);
    expect(house.ledger.paid).toBe(0);
  });

  it("and so is a shape that the panel's own strategy needs", async () => {
    await using house = await startGateway({ presets });
    expect(await refused(house, ask({ model: "synod/fields" }))).toMatchObject({
      status: 400,
      param: "response_format",
    });
    expect(house.ledger.paid).toBe(0);
  });
});

describe("over ChatService", () => {
  const messages = [
    { role: Role.USER, parts: [{ content: { case: "text", value: "How warm is it?" } as const }] },
  ];
  const toolsJson = JSON.stringify({ tools });

  it("a panel calls tools, whole and streamed", async () => {
    await using house = await startGateway({
      presets,
      script: { member: () => calling, aggregate: () => callsOutcome },
    });
    const question = { model: "synod/calls", messages, toolsJson };
    const expected = {
      finishReason: FinishReason.TOOL_CALLS,
      message: { parts: [], toolCalls: [call] },
    };
    expect(await house.chat.chat(question)).toMatchObject(expected);
    const events = [];
    for await (const { event } of house.chat.streamChat({ chat: question })) events.push(event);
    expect(events.filter((event) => event.case === "delta")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ case: "finished", value: { response: expected } });
    expect(house.ledger.rounds.map((round) => round.toolsJson)).toEqual([toolsJson, toolsJson]);
    expect(house.ledger.paid).toBe(6);
  });

  it("a panel keeps to a schema", async () => {
    await using house = await startGateway({ presets, script: { member: () => says('{"n":1}') } });
    const sampling = {
      responseFormat: {
        type: ResponseFormatType.JSON_SCHEMA,
        schemaName: "a",
        schemaJson: JSON.stringify(schema),
      },
    };
    const answer = await house.chat.chat({ model: "synod/fields", messages, sampling });
    expect(textOf(answer.message)).toBe('{"n":1}');
    expect(house.ledger.rounds[0]?.responseFormat?.schemaJson).toBe(JSON.stringify(schema));
    expect(house.ledger.paid).toBe(3);
  });

  it("one model is handed the tools as they are", async () => {
    await using house = await startGateway();
    await house.chat.chat({ model: "groq/x", messages, toolsJson });
    expect(house.ledger.completions[0]?.extraJson).toBe(toolsJson);
    expect(house.ledger.paid).toBe(1);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["another field", '{"temperature":1}'],
    ["a tool that is none", '{"tools":[{"type":"x"}]}'],
  ])("refuses %s as tools", async (_, wrong) => {
    await using house = await startGateway({ presets });
    await expect(house.chat.chat({ model: "synod/calls", messages, toolsJson: wrong })).rejects.toThrow(
      /tools/,
    );
    expect(house.ledger.paid).toBe(0);
  });
});
