import { expect, test } from "vitest";
import { cutText } from "../text/cut-text.js";
import { fenced } from "../text/fenced.js";
import { conversationText, textMessage } from "./message-text.js";

test("one question of the user is its text", () => {
  expect(conversationText([textMessage("user", "Why?")])).toBe("Why?");
});

test("more is a list of roles and contents", () => {
  const messages = [
    textMessage("system", "Be brief."),
    {
      role: "assistant",
      parts: [],
      toolCalls: [{ id: "1", name: "search", argumentsJson: '{"q": 1' }],
    },
    { role: "tool", parts: [{ type: "text", text: "found" }], toolCallId: "1" },
    {
      role: "user",
      parts: [
        { type: "text", text: "What is it?" },
        { type: "other", json: '{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}' },
        { type: "other", json: "broken" },
      ],
    },
  ] as const;
  expect(JSON.parse(conversationText(messages))).toEqual([
    { role: "system", content: "Be brief." },
    { role: "assistant", content: "", tool_calls: [{ name: "search", arguments: '{"q": 1' }] },
    { role: "tool", content: "found" },
    { role: "user", content: "What is it?\n[image_url]\n[attachment]" },
  ]);
});

test("data takes one line between its fences, whatever it holds", () => {
  const lines = fenced('a\nb\r\u2028\u2029\u0000\ud800"\\', "n0nce123").split(/[\n\r\u2028\u2029]/);
  expect(lines).toHaveLength(3);
  expect([lines[0], lines[2]]).toEqual(["[[begin n0nce123]]", "[[end n0nce123]]"]);
  expect(lines[1]).toMatch(/^[\x20-\x7e]+$/);
});

test("a cut never splits a character", () => {
  expect([cutText("a😀b", 1), cutText("a😀b", 2), cutText("a😀b", 3), cutText("a😀b", 9)]).toEqual([
    "a",
    "a",
    "a😀",
    "a😀b",
  ]);
});
