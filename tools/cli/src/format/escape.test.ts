import { describe, expect, it } from "vitest";
import { createEscaper, forTerminal, jsonForTerminal, oneLine } from "./escape.js";

describe("a text of somebody else", () => {
  it.each([
    ["\x1b[2J\x1b[31mred", "\\x1b[2J\\x1b[31mred"],
    ["\x1b]0;title\x07", "\\x1b]0;title\\x07"],
    ["\u009b31m", "\\x9b31m"],
    ["a\rb", "a\\x0db"],
    ["back\b\x7f", "back\\x08\\x7f"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"],
    ["line\r\nnext\tcolumn\n", "line\nnext\tcolumn\n"],
    ["👩‍🚀 naïve 中文", "👩‍🚀 naïve 中文"],
  ])("%j is shown as %j", (text, shown) => {
    expect(forTerminal(text)).toBe(shown);
  });

  it("comes in pieces that may cut a line end in two", () => {
    const escaper = createEscaper();
    expect(["one\r", "\ntwo\r", "three", "\x1b["].map(escaper)).toEqual([
      "one",
      "\ntwo",
      "\\x0dthree",
      "\\x1b[",
    ]);
  });

  it("is put into one line", () => {
    expect(oneLine(" a\n\n b\t\x1b[1mc ")).toBe("a b \\x1b[1mc");
  });
});

it("leaves JSON the same JSON", () => {
  const value = { text: "\x1b[2J \u009b1m \u202e 中" };
  const json = jsonForTerminal(JSON.stringify(value));
  expect(json).not.toMatch(/\p{Cc}|\u202e/u);
  expect(JSON.parse(json)).toEqual(value);
});
