import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../testing/cpu-time.js";
import { extractAnswer } from "./extract.js";
import type { AnswerFormat } from "./format.js";

const keyOf = (text: string, format: AnswerFormat): string | null => {
  const found = extractAnswer(text, format);
  return "key" in found ? found.key : null;
};

describe("auto", () => {
  test.each([
    ["42", "42"],
    ["The answer is 42.", "42"],
    ["The final answer is: **42**", "42"],
    ["It takes 6 * 7 = 42 steps.", "42"],
    ["Reasoning: 3 + 4.\n\nAnswer: 42", "42"],
    ["**Answer:** 42 km (of 50)", "42"],
    ["Answer:\n\n**42**", "42"],
    ["A: 42", "42"],
    ["Some steps with 7.\n#### 42", "42"],
    ["So we get \\boxed{42}.", "42"],
    ["\\boxed{\\frac{1}{2}}", "0.5"],
    ["$$\\boxed{\\text{B}}$$", "B"],
    ['{"answer": 42, "why": "7 * 6"}', "42"],
    ['```json\n{"answer": "forty-two"}\n```', "42"],
    ["Answer: 41\nWait, that is wrong.\nAnswer: 42", "42"],
    ["Respuesta: 42", "42"],
    ["答案:42", "42"],
    ["one thousand", "1000"],
    ["1,000", "1000"],
    ["It costs 1000.0 dollars", "1000"],
    ["1. Add.\n2. Multiply.\nThe result is 42", "42"],
    ["(b)", "B"],
    ["B", "B"],
    ["B) Paris", "B"],
    ["**B.** Paris", "B"],
    ["Option C", "C"],
    ["The correct option is C.", "C"],
    ["Answer: B. Lyon, founded 43 BC", "B"],
    ["A: Paris\nB: Lyon\nThe answer is B.", "B"],
    ["Yes.", "true"],
    ["No, because 2 < 3.", "false"],
    ["Paris", "paris"],
    ["The answer is Paris. It has 2,000,000 people.", "paris"],
    ["Paris is one of the largest cities", "paris is 1 of largest cities"],
    ["1. foo\n2. bar", "1 foo 2 bar"],
  ])("%j votes for %j", (text, key) => {
    expect(keyOf(text, "auto")).toBe(key);
  });

  test("a long text votes with a number only when its last line has one", () => {
    const prose = "In the year 1867 a lot of things happened here. ".repeat(30);
    expect(extractAnswer(`${prose}\nIn the end nobody knew.`, "auto")).toMatchObject({ kind: "text" });
    expect(extractAnswer(`${prose}\nSo it is 42.`, "auto")).toEqual({ key: "42", kind: "number" });
  });

  test("42 is not 43, and 0.1 is not 0.10000000000000001", () => {
    expect(keyOf("42", "auto")).not.toBe(keyOf("43", "auto"));
    expect(keyOf("0.1", "auto")).not.toBe(keyOf("0.10000000000000001", "auto"));
  });
});

test.each<[AnswerFormat, string, string | null]>([
  ["number", "It is forty-two of them", "42"],
  ["number", "I do not know", null],
  ["number", "Answer: unclear, but 7 of them said so", "7"],
  ["choice", "The right one is (D).", "D"],
  ["choice", "I would say B, since C is too large", "C"],
  ["choice", "Answer: B, since C is too large", "B"],
  ["choice", "A dog and I", null],
  ["choice", "2)", "2"],
  ["choice", "none of them", null],
  ["boolean", "true", "true"],
  ["boolean", "It is not true", "false"],
  ["boolean", "That isn't correct", "false"],
  ["boolean", "Answer: Nein", "false"],
  ["boolean", "да", "true"],
  ["boolean", "perhaps", null],
  ["json", '{"b": 1, "a": [1, 2.0]}', '{"a":[1,2],"b":1}'],
  ["json", 'Here:\n```json\n{"a": 1}\n```\nDone.', '{"a":1}'],
  ["json", 'It is {"a": 1}, I think.', '{"a":1}'],
  ["json", "-0", "0"],
  ["json", "no JSON", null],
  ["exact", "  Foo Bar \n", "Foo Bar"],
  ["exact", "Answer: Foo", "Foo"],
  ["text", "The Café is Open!", "cafe is open"],
  ["text", "  ", null],
])("%s: %j votes for %j", (format, text, key) => {
  expect(keyOf(text, format)).toBe(key);
});

test.each<AnswerFormat>(["auto", "number", "choice", "boolean", "json", "exact", "text"])(
  "F18: empty text abstains as %s",
  (format) => {
    for (const text of ["", " ", "\n\t\u00a0"])
      expect(extractAnswer(text, format)).toEqual({ abstained: "empty" });
  },
);

test("a key of a number, choice, boolean or JSON is its own key", () => {
  const formats = fc.constantFrom<AnswerFormat>("number", "choice", "boolean", "json");
  const texts = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.json(),
    fc.constantFrom("Option B", "yes", "(c)"),
  );
  fc.assert(
    fc.property(texts, formats, (text, format) => {
      const key = keyOf(text, format);
      if (key !== null && key.length < 200) expect(keyOf(key, format)).toBe(key);
    }),
  );
});

test("a long key is short, and still different for different texts", () => {
  const long = "word ".repeat(5_000);
  const [a, b] = [keyOf(`${long}x`, "text") ?? "", keyOf(`${long}y`, "text") ?? ""];
  expect(a.length).toBeLessThan(400);
  expect(a).not.toBe(b);
});

test.each([
  ["open fences", "```\nx".repeat(30_000)],
  ["nested objects", '{"a":'.repeat(100_000)],
  ["nested lists", "[".repeat(100_000)],
  ["groups of digits", "1.000".repeat(20_000)],
  ["commas", "1,".repeat(100_000)],
  ["number words", "one ".repeat(50_000)],
  ["marks", "the answer is ".repeat(20_000)],
  ["boxes", "\\boxed{".repeat(50_000)],
  ["spaces after a mark", `answer${" ".repeat(9_000)}x\n`.repeat(20)],
  ["spaces", `${" ".repeat(200_000)}x`],
  ["stars", "*".repeat(200_000)],
  ["one word", "x".repeat(1_000_000)],
])("F60: hostile text is read in good time: %s", (_, text) => {
  const formats = ["auto", "number", "choice", "boolean", "json", "exact", "text"] as const;
  expect(cpuMs(() => formats.forEach((format) => extractAnswer(text, format)))).toBeLessThan(5_000);
});
