import type { MessageInitShape } from "@bufbuild/protobuf";
import { ResponseFormatType, Role } from "@synod/contracts/model";
import type { CompletionRequestSchema } from "@synod/contracts/provider";
import { describe, expect, it } from "vitest";
import { question } from "../../testing/gateway.js";
import { codecs } from "../registry.js";

type Changes = MessageInitShape<typeof CompletionRequestSchema>;
type Kind = keyof typeof codecs;

const bodyOf = (changes: Changes, kind: Kind = "openrouter"): unknown =>
  JSON.parse(codecs[kind].encode(question("x", changes), "acme/one").body);
const text = (value: string) => ({ content: { case: "text" as const, value } });

describe("a request", () => {
  it("without settings holds the model, the conversation and the wish for a stream", () => {
    const wire = codecs.openrouter.encode(question("x"), "acme/one");
    expect(wire.path).toBe("/chat/completions");
    expect(wire.headers).toEqual({ "content-type": "application/json", accept: "text/event-stream" });
    expect(JSON.parse(wire.body)).toEqual({
      model: "acme/one",
      messages: [{ role: "user", content: "What is 6 x 7?" }],
      stream: true,
    });
    expect(bodyOf({}, "openai")).toMatchObject({ stream_options: { include_usage: true } });
    expect(bodyOf({}, "groq")).not.toHaveProperty("stream_options");
  });

  it("carries the sampling, under each provider's own names", () => {
    const sampling = {
      maxOutputTokens: 800,
      temperature: 0,
      topP: 0.9,
      seed: -7n,
      stop: ["a", "b"],
      frequencyPenalty: 0.5,
      presencePenalty: -0.5,
    };
    const common = {
      temperature: 0,
      top_p: 0.9,
      seed: -7,
      stop: ["a", "b"],
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
    };
    expect(bodyOf({ sampling })).toMatchObject({ ...common, max_tokens: 800 });
    expect(bodyOf({ sampling }, "openai")).toMatchObject({ ...common, max_tokens: 800 });
    expect(bodyOf({ sampling }, "groq")).toMatchObject({ ...common, max_completion_tokens: 800 });
    expect(bodyOf({ sampling }, "groq")).not.toHaveProperty("max_tokens");
  });

  it("carries the shape of the reply", () => {
    const format = (responseFormat: object): Changes => ({ sampling: { responseFormat } });
    expect(bodyOf(format({ type: ResponseFormatType.TEXT }))).toMatchObject({
      response_format: { type: "text" },
    });
    expect(bodyOf(format({ type: ResponseFormatType.JSON_OBJECT }))).toMatchObject({
      response_format: { type: "json_object" },
    });
    const schema = { type: ResponseFormatType.JSON_SCHEMA, schemaName: "s", schemaJson: '{"type":"object"}' };
    expect(bodyOf(format(schema))).toMatchObject({
      response_format: {
        type: "json_schema",
        json_schema: { name: "s", schema: { type: "object" }, strict: false },
      },
    });
    expect(() => bodyOf(format({ ...schema, schemaJson: "{" }))).toThrow("response_format");
  });

  it("carries every kind of turn, text byte for byte", () => {
    const odd = '\u0000\u202e<b>"\\ 👋\r\n';
    const messages = [
      { role: Role.SYSTEM, parts: [text("be brief")] },
      { role: Role.DEVELOPER, parts: [text("")] },
      { role: Role.USER, name: "ann", parts: [text(odd), text("two")] },
      {
        role: Role.USER,
        parts: [
          text("look"),
          { content: { case: "otherJson" as const, value: '{"type":"image_url","image_url":{"url":"x"}}' } },
        ],
      },
      { role: Role.ASSISTANT, toolCalls: [{ id: "c1", name: "add", argumentsJson: "{not json" }] },
      { role: Role.TOOL, toolCallId: "c1", parts: [text("3")] },
      { role: Role.ASSISTANT, refusal: "No." },
      { role: Role.USER },
    ];
    expect(bodyOf({ messages })).toMatchObject({
      messages: [
        { role: "system", content: "be brief" },
        { role: "developer", content: "" },
        {
          role: "user",
          name: "ann",
          content: [
            { type: "text", text: odd },
            { type: "text", text: "two" },
          ],
        },
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url: "x" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c1", type: "function", function: { name: "add", arguments: "{not json" } }],
        },
        { role: "tool", tool_call_id: "c1", content: "3" },
        { role: "assistant", content: "No." },
        { role: "user", content: "" },
      ],
    });
  });

  it.each([
    [{ role: Role.UNSPECIFIED }],
    [{ role: Role.USER, parts: [{ content: { case: undefined } }] }],
    [{ role: Role.USER, parts: [{ content: { case: "otherJson" as const, value: "[1]" } }] }],
    [{ role: Role.USER, parts: [{ content: { case: "otherJson" as const, value: "{" } }] }],
  ])("is refused with a turn that is none: %j", (message) => {
    expect(() => bodyOf({ messages: [message] })).toThrow("messages:");
  });
});

describe("extra fields", () => {
  it("go to the provider as they are, numbers to the last digit", () => {
    const extraJson =
      ' { "tools": [{"type":"function"}], "provider": {"order": ["a"]}, "n": 1, "big": 12345678901234567890 } ';
    const { body } = codecs.openrouter.encode(question("x", { extraJson }), "acme/one");
    expect(body).toContain("12345678901234567890");
    expect(JSON.parse(body)).toMatchObject({
      model: "acme/one",
      stream: true,
      tools: [{ type: "function" }],
      provider: { order: ["a"] },
    });
    expect(bodyOf({ extraJson: "{ }" })).toEqual(bodyOf({}));
  });

  it("touch no prototype, however deep they are (F36)", () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const { body } = codecs.openrouter.encode(
      question("x", { extraJson: `{"__proto__":{"polluted":1},"deep":${deep}}` }),
      "acme/one",
    );
    expect(body).toContain(deep);
    expect({}).not.toHaveProperty("polluted");
  });

  it.each([
    "model",
    "messages",
    "stream",
    "stream_options",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "response_format",
  ])("cannot set %s", (field) => {
    expect(() => bodyOf({ extraJson: JSON.stringify({ [field]: 1 }) })).toThrow(`\`${field}\``);
  });

  it.each(["[]", "1", "null", "{", '"x"', '{"n":2}'])("cannot be %s", (extraJson) => {
    expect(() => bodyOf({ extraJson })).toThrow(expect.objectContaining({ name: "ProviderFailure" }));
  });
});

describe("what Groq refuses is refused before any call", () => {
  it.each([
    [{ extraJson: '{"logprobs":true}' }, "logprobs"],
    [{ extraJson: '{"logit_bias":{}}' }, "logit_bias"],
    [{ extraJson: '{"top_logprobs":1}' }, "top_logprobs"],
    [{ extraJson: '{"n":3}' }, "n:"],
    [{ extraJson: JSON.stringify({ tools: Array.from({ length: 129 }, () => ({})) }) }, "tools"],
    [{ messages: [{ role: Role.USER, name: "ann", parts: [text("hi")] }] }, "name"],
  ])("%j", (changes, names) => {
    expect(() => bodyOf(changes, "groq")).toThrow(names);
  });
});
