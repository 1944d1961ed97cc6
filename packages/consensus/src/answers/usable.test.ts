import { describe, expect, test } from "vitest";
import { completion } from "../testing/specs.js";
import { offeredTools } from "./tool-calls.js";
import { answerIn, isUsable } from "./usable.js";

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

test("what offers no tools offers none", () => {
  for (const json of [undefined, "", "{}", "[]", '{"tools":5}', '{"tool_choice":"auto"}'])
    expect(offeredTools(json)).toBeNull();
  expect(offeredTools('{"tools":[]}')).toEqual(new Set());
  expect(offeredTools('{"tools":[{"type":"web_search"},5,{"function":{"name":3}}]}')).toEqual(new Set());
});
