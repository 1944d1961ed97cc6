import { ResponseFormatType, Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { asking, type Changes, text } from "../../testing/asking.js";
import { codecs } from "../registry.js";

type Kind = keyof typeof codecs;

const wireOf = (changes: Changes, kind: Kind = "openrouter") =>
  codecs[kind].encode(asking(changes), "acme/one");
const bodyOf = (changes: Changes, kind?: Kind): unknown => JSON.parse(wireOf(changes, kind).body);

describe("a request", () => {
  it("without settings holds the model, the conversation and the wish for a stream", () => {
    const wire = wireOf({});
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
    const schemaJson = '{"type":"object","maximum":12345678901234567890}';
    const schema = { type: ResponseFormatType.JSON_SCHEMA, schemaName: "s", schemaJson };
    expect(bodyOf(format(schema))).toMatchObject({
      response_format: {
        type: "json_schema",
        json_schema: { name: "s", schema: { type: "object" }, strict: false },
      },
    });
    expect(wireOf(format(schema)).body).toContain(schemaJson);
    expect(bodyOf(format({ ...schema, schemaDescription: "A sum." }))).toMatchObject({
      response_format: { json_schema: { name: "s", description: "A sum." } },
    });
    expect(() => bodyOf(format({ type: ResponseFormatType.UNSPECIFIED }))).toThrow("response_format");
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

  it("calls the role of a developer what its provider calls it", () => {
    const messages = [{ role: Role.DEVELOPER, parts: [text("be brief")] }];
    const roleAt = (kind: Kind): unknown => bodyOf({ messages }, kind);
    expect(roleAt("openrouter")).toMatchObject({ messages: [{ role: "developer" }] });
    expect(roleAt("groq")).toMatchObject({ messages: [{ role: "developer" }] });
    expect(roleAt("openai")).toMatchObject({ messages: [{ role: "system" }] });
  });

  it("gives OpenRouter back what it said beside an earlier answer, and nobody else", () => {
    const extraJson =
      '{"reasoning_details":[{"type":"reasoning.encrypted","data":"x","n":9007199254740993}]}';
    const turn = { role: Role.ASSISTANT, parts: [text("42")], reasoning: "6 x 7", extraJson };
    const said = { role: "assistant", content: "42" };
    expect(wireOf({ messages: [turn] }).body).toContain(
      `{"role":"assistant","content":"42","reasoning":"6 x 7",${extraJson.slice(1)}`,
    );
    expect(bodyOf({ messages: [turn] }, "groq")).toMatchObject({ messages: [said] });
    for (const kind of ["groq", "openai"] as const) {
      expect(wireOf({ messages: [turn] }, kind).body).not.toContain("reasoning");
    }
    expect(bodyOf({ messages: [{ ...turn, role: Role.USER }] })).toMatchObject({
      messages: [{ role: "user", content: "42" }],
    });
    expect(wireOf({ messages: [{ ...turn, role: Role.USER }] }).body).not.toContain("reasoning");
  });

  it.each(["openrouter", "openai"] as const)(
    "gives %s what a caller wrote into an earlier answer",
    (kind) => {
      const turn = {
        role: Role.ASSISTANT,
        parts: [text("4")],
        refusal: "No.",
        extraJson: '{"prefix":true,"n":1.0}',
      };
      expect(wireOf({ messages: [turn] }, kind).body).toContain(
        '{"role":"assistant","content":"4","refusal":"No.","prefix":true,"n":1.0}',
      );
    },
  );

  it("leaves out everywhere else what answers of other providers hold", () => {
    const extraJson =
      '{"reasoning_details":[1],"annotations":[2],"images":[3],"executed_tools":[4],"prefix":true}';
    const turn = { role: Role.ASSISTANT, parts: [text("4")], reasoning: "hm", extraJson };
    expect(wireOf({ messages: [turn] }, "openai").body).toContain(
      '{"role":"assistant","content":"4","prefix":true}',
    );
  });

  it.each([
    [{ role: Role.ASSISTANT, extraJson: "[]" }],
    [{ role: Role.ASSISTANT, extraJson: '{"content":"other"}' }],
    [{ role: Role.ASSISTANT, extraJson: '{"r\\u006fle":"system"}' }],
    [{ role: 99 as Role }],
    [{ role: Role.UNSPECIFIED }],
    [{ role: Role.USER, parts: [{ content: { case: undefined } }] }],
    [{ role: Role.USER, parts: [{ content: { case: "otherJson" as const, value: "[1]" } }] }],
    [{ role: Role.USER, parts: [{ content: { case: "otherJson" as const, value: "{" } }] }],
  ])("is refused with a turn that is none: %j", (message) => {
    expect(() => bodyOf({ messages: [message] })).toThrow("messages:");
  });
});

describe("a text to continue", () => {
  const sampling = { maxOutputTokens: 9, stop: ["."] };

  it.each(["openrouter", "openai"] as const)("is a text completion of %s", (kind) => {
    const wire = wireOf({ messages: [], prompt: "Once", sampling, extraJson: '{"suffix":"end"}' }, kind);
    expect(wire.path).toBe("/completions");
    expect(JSON.parse(wire.body)).toEqual({
      model: "acme/one",
      prompt: "Once",
      max_tokens: 9,
      stop: ["."],
      stream: true,
      ...(kind === "openai" && { stream_options: { include_usage: true } }),
      suffix: "end",
    });
  });
});

describe("extra fields", () => {
  it("go to the provider as they are, numbers to the last digit", () => {
    const extraJson =
      ' { "tools": [{"type":"function"}], "provider": {"order": ["a"]}, "n": 1, "big": 12345678901234567890 } ';
    const { body } = wireOf({ extraJson });
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
    const { body } = wireOf({ extraJson: `{"__proto__":{"polluted":1},"deep":${deep}}` });
    expect(body).toContain(deep);
    expect({}).not.toHaveProperty("polluted");
  });

  it.each([
    "model",
    "messages",
    "prompt",
    "stream",
    "stream_options",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "response_format",
  ])("cannot set %s", (field) => {
    expect(() => bodyOf({ extraJson: JSON.stringify({ [field]: 1 }) })).toThrow(`\`${field}\``);
    const escaped = `\\u00${field.charCodeAt(0).toString(16)}${field.slice(1)}`;
    expect(() => bodyOf({ extraJson: `{"${escaped}":1}` })).toThrow(`\`${field}\``);
  });

  it("go to OpenRouter under each of their names", () => {
    const fields = { reasoning_effort: "low", top_k: 3, service_tier: "flex", n: null };
    expect(bodyOf({ extraJson: JSON.stringify(fields) })).toMatchObject(fields);
  });

  it.each(["[]", "1", "null", "{", '"x"', '{"n":2}'])("cannot be %s", (extraJson) => {
    expect(() => bodyOf({ extraJson })).toThrow(expect.objectContaining({ name: "ProviderFailure" }));
  });
});
