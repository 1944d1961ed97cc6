import { expect, test } from "vitest";
import { completion } from "../testing/specs.js";
import { hasAnswer, isUsable } from "./usable.js";

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
  expect([hasAnswer(content), isUsable(content, "number"), isUsable(content, "auto")]).toEqual([
    true,
    false,
    true,
  ]);
});
