import { ResponseFormatType, Role } from "@synod/contracts/model";
import { describe, expect, it } from "vitest";
import { asking, type Changes, text } from "../testing/asking.js";
import { groq } from "./groq.js";
import { ProviderFailure } from "./provider-error.js";

const wireOf = (changes: Changes, options?: Parameters<typeof groq.encode>[2]) =>
  groq.encode(asking(changes), "acme/one", options);
const extra = (fields: unknown): { extraJson: string } => ({ extraJson: JSON.stringify(fields) });
const fieldsOf = (fields: unknown, options?: Parameters<typeof groq.encode>[2]): unknown => {
  const body = JSON.parse(wireOf(extra(fields), options).body) as Record<string, unknown>;
  const { model: _model, messages: _messages, stream: _stream, ...others } = body;
  return others;
};
const failureOf = (changes: Changes): ProviderFailure => {
  try {
    wireOf(changes);
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};
const tools = (count: number): object[] => Array.from({ length: count }, () => ({ type: "function" }));
const schema = {
  responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "s", schemaJson: "{}" },
};

describe("what Groq refuses is refused before any call, by name", () => {
  it.each<[string, Changes, string]>([
    ["logprobs", extra({ logprobs: true }), "logprobs: Groq does not accept it"],
    ["top_logprobs", extra({ top_logprobs: 0 }), "top_logprobs: Groq does not accept it"],
    ["logit_bias", extra({ logit_bias: {} }), "logit_bias: Groq does not accept it"],
    ["a name", { messages: [{ role: Role.USER, name: "ann", parts: [text("hi")] }] }, "messages: "],
    [
      "what a caller wrote into an earlier answer",
      { messages: [{ role: Role.ASSISTANT, parts: [text("4")], extraJson: '{"images":[1],"prefix":true}' }] },
      "messages: Groq knows no `prefix`",
    ],
    [
      "a refusal beside an earlier answer",
      { messages: [{ role: Role.ASSISTANT, parts: [text("4")], refusal: "No." }] },
      "messages: Groq knows no `refusal`",
    ],
    ["129 tools", extra({ tools: tools(129) }), "tools: Groq accepts at most 128"],
    ["5 stops", { sampling: { stop: ["a", "b", "c", "d", "e"] } }, "stop: Groq accepts at most 4"],
    ["a prompt", { messages: [], prompt: "Once" }, "prompt: Groq has no text completions"],
    [
      "both ways to show reasoning",
      extra({ reasoning_format: "parsed", include_reasoning: true }),
      "reasoning_format: Groq does not accept it together",
    ],
    [
      "both, one by another name",
      extra({ reasoning_format: "parsed", reasoning: { exclude: true } }),
      "reasoning_format: Groq does not accept it together",
    ],
    ["reasoning by tokens", extra({ reasoning: { max_tokens: 9 } }), "reasoning: Groq knows"],
    ["reasoning switched", extra({ reasoning: { enabled: true } }), "reasoning: Groq knows"],
    ["reasoning as text", extra({ reasoning: "low" }), "reasoning: Groq knows"],
    ["an unknown effort", extra({ reasoning: { effort: "minimal" } }), "reasoning_effort: Groq accepts"],
    ["an unknown effort of its own", extra({ reasoning_effort: "xhigh" }), "reasoning_effort: Groq"],
    ["tools and a schema", { ...extra({ tools: tools(1) }), sampling: schema }, "tools: Groq does not"],
  ])("%s", (_what, changes, message) => {
    const { error } = failureOf(changes);
    expect(error).toMatchObject({ reason: "invalid_value", failOver: "other_provider", repeats: 0 });
    expect(error.message).toContain(message);
  });

  it.each([
    "provider",
    "models",
    "route",
    "plugins",
    "transforms",
    "top_k",
    "top_a",
    "min_p",
    "repetition_penalty",
    "session_id",
    "trace",
    "usage",
    "prediction",
    "cache_control",
    "debug",
  ])("%s, which OpenRouter knows", (name) => {
    expect(failureOf(extra({ [name]: {} })).message).toBe(`${name}: Groq does not know it, OpenRouter does`);
  });

  it("but more than one choice is nobody's", () => {
    expect(failureOf(extra({ n: 3 })).error).toMatchObject({
      message: "n: only 1 is supported",
      failOver: "none",
    });
  });

  it("and a contradiction is nobody's", () => {
    const both = { reasoning: { effort: "low" }, reasoning_effort: "high" };
    expect(failureOf(extra(both)).error).toMatchObject({ failOver: "none" });
  });
});

describe("what means the same to Groq is said in its words", () => {
  it.each<[unknown, unknown]>([
    [{ n: 1, logprobs: false, provider: null, user: null }, {}],
    [{ reasoning: { effort: "low" } }, { reasoning_effort: "low" }],
    [{ reasoning: { effort: "low" }, reasoning_effort: "low" }, { reasoning_effort: "low" }],
    [{ reasoning: { exclude: true } }, { include_reasoning: false }],
    [
      { reasoning: { effort: "none", exclude: false } },
      { reasoning_effort: "none", include_reasoning: true },
    ],
    [{ reasoning: {} }, {}],
    [{ include_reasoning: false }, { include_reasoning: false }],
    [{ reasoning_format: "hidden" }, { reasoning_format: "hidden" }],
    [{ service_tier: "default" }, { service_tier: "on_demand" }],
    [{ service_tier: "flex" }, { service_tier: "flex" }],
  ])("%j", (fields, sent) => {
    expect(fieldsOf(fields)).toEqual(sent);
  });

  it("what it alone knows goes on as it is, to the last digit", () => {
    const extraJson = '{"reasoning":{"effort":"low"},"documents":[ {"n":12345678901234567890} ],"user":"u"}';
    const { body } = wireOf({ extraJson });
    expect(body).toContain('"documents":[ {"n":12345678901234567890} ]');
    expect(JSON.parse(body)).toMatchObject({ user: "u", reasoning_effort: "low" });
  });
});

describe("the ordinary tier", () => {
  it.each([{}, { service_tier: "flex" }, { service_tier: "auto" }])("is asked in place of %j", (fields) => {
    expect(fieldsOf(fields, { ordinaryTier: true })).toEqual({ service_tier: "on_demand" });
  });

  it("is not asked in place of a better one", () => {
    const fields = { service_tier: "performance" };
    expect(fieldsOf(fields, { ordinaryTier: true })).toEqual(fields);
  });
});

describe("structured output", () => {
  it("is asked for in one piece: Groq does not stream it", () => {
    const wire = wireOf({ sampling: schema });
    expect(wire.headers["accept"]).toBe("application/json");
    expect(wire.streamed).toBe(false);
    expect(JSON.parse(wire.body)).toMatchObject({
      stream: false,
      response_format: { type: "json_schema", json_schema: { name: "s", schema: {}, strict: false } },
    });
  });

  it("without a schema is streamed", () => {
    const sampling = { responseFormat: { type: ResponseFormatType.JSON_OBJECT } };
    const wire = wireOf({ sampling });
    expect(wire.streamed).toBe(true);
    expect(JSON.parse(wire.body)).toMatchObject({ stream: true });
  });
});
