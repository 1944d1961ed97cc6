import { describe, expect, test } from "vitest";
import { completion } from "../testing/specs.js";
import { offeredTools } from "./offered-tools.js";
import { answerIn, isUsable, whyUnusable } from "./usable.js";

const toolCall = { id: "1", name: "search", argumentsJson: "{}" };

test.each([
  ["text", completion("42"), true],
  ["a cut text", completion("42", { finishReason: "length" }), true],
  ["an unknown end", completion("42", { finishReason: "unknown" }), true],
  ["text beside calls of tools", completion("42", { toolCalls: [toolCall] }), true],
  ["F18: nothing", completion(""), false],
  ["F18: whitespace", completion(" \n\t"), false],
  ["F18: a refusal", completion("", { refusal: "I will not." }), false],
  ["a refusal with text", completion("42", { refusal: "I will not." }), false],
  ["F19: filtered content", completion("42", { finishReason: "content_filter" }), false],
  ["F20: calls of tools alone", completion("", { toolCalls: [toolCall], finishReason: "tool_calls" }), false],
] as const)("%s", (_, content, usable) => {
  expect(isUsable(content, "auto")).toBe(usable);
});

test("text without what the format asks for is an answer, but not a usable one", () => {
  const content = completion("I do not know");
  expect([answerIn(content, null) !== null, isUsable(content, "number"), isUsable(content, "auto")]).toEqual([
    true,
    false,
    true,
  ]);
});

describe("where tools are offered", () => {
  const tools = offeredTools(
    '{"tools":[{"type":"function","function":{"name":"search"}}],"tool_choice":"auto"}',
  );
  const calling = (argumentsJson: string, name = "search") =>
    completion("I will look it up.", {
      toolCalls: [{ id: "1", name, argumentsJson }],
      finishReason: "tool_calls",
    });

  test.each([
    ["a call", calling('{"q":"x"}'), true],
    ["a call without arguments", calling(""), true],
    ["a text", completion("42"), true],
    ["nothing", completion(""), false],
    ["a call of another tool", calling("{}", "delete_all"), false],
    ["a call that is cut", calling('{"q":"x'), false],
    ["a call with a list", calling("[1]"), false],
    ["a refusal", { ...calling("{}"), refusal: "I will not." }, false],
  ] as const)("%s", (_, content, usable) => {
    expect(isUsable(content, "number", tools)).toBe(usable);
    expect(answerIn(content, tools) !== null).toBe(usable);
  });

  test("an answer is its calls, as a client can run them, or none", () => {
    expect(answerIn(calling(" "), tools)?.toolCalls).toEqual([
      { id: "1", name: "search", argumentsJson: "{}" },
    ]);
    expect(answerIn(completion("42"), tools)).toEqual({ text: "42", toolCalls: [] });
    expect(answerIn(completion("42"), null)).toEqual({ text: "42" });
  });
});

describe("why an answer has no vote", () => {
  const tools = offeredTools(
    JSON.stringify({
      tools: [
        { type: "function", function: { name: "f", parameters: { required: ["a"] } } },
        { type: "function", function: { name: "f", parameters: { required: ["b"] } } },
      ],
    }),
  );
  const call = (argumentsJson: string, name = "f") =>
    completion("", { toolCalls: [{ id: "1", name, argumentsJson }] });

  test.each([
    ["auto", completion(""), "empty"],
    ["auto", completion("42", { refusal: "No." }), "refused"],
    ["number", completion("no idea"), "no_number"],
    ["choice", completion("no idea"), "no_choice"],
    ["boolean", completion("perhaps"), "no_boolean"],
    ["json", completion("no idea"), "no_json"],
    ["auto", call("{}"), "unknown_tool"],
    ["auto", completion("42"), undefined],
  ] as const)("as %s", (format, content, reason) => {
    const why = whyUnusable(content, format);
    expect(why?.reason).toBe(reason);
    if (why !== null) expect(why.message).toMatch(/^It .*\.$/);
  });

  test.each([
    [call('{"b":1}'), undefined],
    [call('{"a":1}'), "invalid_arguments"],
    [call("[]"), "no_arguments"],
    [call("{}", "x".repeat(100)), "unknown_tool"],
    [completion(" "), "empty"],
    [completion("42"), undefined],
  ] as const)("where tools are offered, the last of a name counting (%#)", (content, reason) => {
    expect(whyUnusable(content, "number", tools)?.reason).toBe(reason);
  });

  test("names places, never what a model wrote there", () => {
    expect(whyUnusable(call("SECRET"), "auto", tools)?.message).toBe(
      "The arguments of f are no JSON object.",
    );
    expect(whyUnusable(call('{"c":"SECRET"}'), "auto", tools)?.message).toBe(
      'The arguments of f: The whole fails "required".',
    );
    const long = whyUnusable(call("{}", `a"\n${"x".repeat(100)}`), "auto", tools)?.message ?? "";
    expect(long).toContain("\\n");
    expect(long.length).toBeLessThan(120);
  });
});
