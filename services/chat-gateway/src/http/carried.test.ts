import { FinishReason } from "@synod/contracts/model";
import type { Completion } from "@synod/contracts/provider";
import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway } from "../testing/gateway.js";
import { readStream } from "../testing/read-stream.js";
import { type Reply, says } from "../testing/script.js";

const path = "/v1/chat/completions";
const model = "openrouter/a/b";

const whole = (fields: Partial<Completion>): Reply => ({ pieces: ["42"], whole: fields });
const message = (fields: object) =>
  create(MessageSchema, {
    role: Role.ASSISTANT,
    parts: [{ content: { case: "text", value: "42" } }],
    ...fields,
  });

async function answerOf(reply: Reply) {
  await using house = await startGateway({ script: { model: () => reply } });
  const response = await house.post(path, ask({ model }));
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(house.ledger.paid).toBe(1);
  return { text, body: JSON.parse(text) as Record<string, unknown> };
}

async function streamOf(reply: Reply) {
  await using house = await startGateway({ script: { model: () => reply } });
  const stream = await readStream(await house.post(path, ask({ model, stream: true })));
  expect(stream.done).toBe(true);
  expect(house.ledger.paid).toBe(1);
  return stream;
}

const detail = '{"type":"reasoning.encrypted","data":"gAAA==","index":0,"n":1.0}';
const calls = '[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{"}}]';

describe("the whole answer of one model", () => {
  it("holds its reasoning", async () => {
    const { body } = await answerOf(whole({ reasoning: "6 x 7" }));
    expect(body["choices"]).toMatchObject([{ message: { content: "42", reasoning: "6 x 7" } }]);
  });

  it.each(["reasoning_details", "annotations", "images", "executed_tools"])(
    "holds its %s as they came",
    async (name) => {
      const extraJson = ` { "${name}":[${detail}] } `;
      const { text, body } = await answerOf(whole({ message: message({ extraJson }) }));
      expect(text).toContain(`"${name}":[${detail}]`);
      expect(body["choices"]).toMatchObject([
        { message: { role: "assistant", content: "42", refusal: null, [name]: [JSON.parse(detail)] } },
      ]);
    },
  );

  it("holds its tool calls, and no text where it has none", async () => {
    const toolCalls = [{ id: "c1", name: "f", argumentsJson: '{"a": 1' }];
    const finishReason = FinishReason.TOOL_CALLS;
    const { body } = await answerOf(whole({ message: message({ parts: [], toolCalls }), finishReason }));
    expect(body["choices"]).toMatchObject([
      {
        message: {
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: '{"a": 1' } }],
        },
        finish_reason: "tool_calls",
      },
    ]);
  });

  it("says who served it, and why it ended in the provider's own word", async () => {
    const { body } = await answerOf(whole({ servedModel: "a/b-0611", rawFinishReason: "STOP_SEQUENCE" }));
    expect(body).toMatchObject({
      model,
      served_model: "a/b-0611",
      choices: [{ finish_reason: "stop", native_finish_reason: "STOP_SEQUENCE" }],
    });
  });

  it("leaves out what nobody said", async () => {
    const { body } = await answerOf(whole({ servedModel: "", rawFinishReason: "" }));
    expect(body).not.toHaveProperty("served_model");
    expect(body["choices"]).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: "42", refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ]);
  });

  it.each([
    ["provider", '"Fast AI"'],
    ["service_tier", '"flex"'],
    ["openrouter_metadata", '{"attempt":1,"share":1.0}'],
  ])("holds the %s beside it as it came", async (name, json) => {
    const { text, body } = await answerOf(whole({ extraJson: `{"${name}":${json}}` }));
    expect(text).toContain(`"${name}":${json}`);
    expect(body).toMatchObject({ [name]: JSON.parse(json), usage: { cost: 0.000001 } });
  });
});

describe("the streamed answer of one model", () => {
  const deltas = [
    ["reasoning", { reasoning: "6 x" }, { reasoning: "6 x" }],
    ["refusal", { refusal: "No" }, { refusal: "No" }],
    ["tool calls", { toolCallsJson: calls }, { tool_calls: JSON.parse(calls) }],
    ...["reasoning_details", "annotations", "images"].map(
      (name) => [name, { extraJson: `{"${name}":[${detail}]}` }, { [name]: [JSON.parse(detail)] }] as const,
    ),
    [
      "everything at once",
      {
        text: "4",
        reasoning: "r",
        refusal: "n",
        toolCallsJson: calls,
        extraJson: `{"images":[${detail}],"annotations":[]}`,
      },
      {
        content: "4",
        reasoning: "r",
        refusal: "n",
        tool_calls: JSON.parse(calls),
        images: [JSON.parse(detail)],
        annotations: [],
      },
    ],
  ] as const;
  it.each(deltas)("hands on %s as they come, and once", async (_name, delta, expected) => {
    const repeated = message({ refusal: "refusal" in delta ? delta.refusal : "" });
    const { chunks } = await streamOf({ pieces: ["x"], deltas: [delta], whole: { message: repeated } });
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: "assistant", content: "" },
      { content: "x" },
      expected,
      {},
      undefined,
    ]);
  });

  it("begins with who speaks, whatever comes first", async () => {
    const { chunks } = await streamOf({ deltas: [{ reasoning: "6" }, { text: "42" }] });
    expect(chunks.map(({ choices }) => choices[0]?.delta).slice(0, 3)).toEqual([
      { role: "assistant", content: "" },
      { reasoning: "6" },
      { content: "42" },
    ]);
  });

  it("ends with the provider's own word, and what is said of the whole answer", async () => {
    const extraJson = '{"provider":"Fast AI","service_tier":"flex","openrouter_metadata":{"share":1.0}}';
    const { chunks } = await streamOf({
      ...says("42"),
      finishReason: FinishReason.LENGTH,
      whole: { rawFinishReason: "MAX", servedModel: "a/b-0611", extraJson },
    });
    expect(chunks.at(-2)?.choices).toEqual([
      { index: 0, delta: {}, logprobs: null, finish_reason: "length", native_finish_reason: "MAX" },
    ]);
    expect(chunks.at(-1)).toMatchObject({
      model,
      choices: [],
      served_model: "a/b-0611",
      usage: { total_tokens: 15, cost: 0.000001 },
      ...(JSON.parse(extraJson) as object),
    });
  });
});

describe("an answer that is sent back in the next turn", () => {
  it("reaches the provider as it was", async () => {
    const extraJson = `{"reasoning_details":[${detail}],"images":[ ]}`;
    const said = message({ reasoning: "6 x 7", extraJson });
    await using house = await startGateway({
      script: { model: () => whole({ reasoning: "6 x 7", message: said }) },
    });
    const first = await (await house.post(path, ask({ model }))).text();
    const turn = /"message":(\{.*\}),"logprobs"/.exec(first)?.[1] ?? "";
    const user = '{"role":"user","content":"Sure?"}';
    const asked = `{"model":"${model}","messages":[${user},${turn},${user}]}`;
    expect((await bodyOf(await house.post(path, asked))).choices).toHaveLength(1);
    const [, back] = house.ledger.completions;
    expect(back?.messages[1]).toMatchObject({
      role: Role.ASSISTANT,
      parts: [{ content: { value: "42" } }],
      reasoning: "6 x 7",
      extraJson: `{"reasoning_details":[${detail}]}`,
    });
    expect(house.ledger.paid).toBe(2);
  });

  it("reaches the members of a panel without them", async () => {
    const turn = { role: "assistant", content: "42", reasoning: "6 x 7", reasoning_details: [{ type: "x" }] };
    await using house = await startGateway();
    const messages = [{ role: "user", content: "?" }, turn, { role: "user", content: "Sure?" }];
    expect((await house.post(path, ask({ messages }))).status).toBe(200);
    expect(house.ledger.rounds[0]?.messages[1]).toMatchObject({ reasoning: "", extraJson: "" });
    expect(house.ledger.paid).toBe(3);
  });
});
