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
    ["Paris is one of the largest cities", "paris is one of largest cities"],
    ["1. foo\n2. bar", "1 foo 2 bar"],
    ["## Final Answer\n\nParis", "paris"],
    ["**Answer**\nParis", "paris"],
    ["<answer>Paris</answer> I hope", "paris"],
    ["The answer to the question is Paris. It is big.", "paris"],
    ["The answer is therefore 42", "42"],
    ["The answer would be 42, I think", "42"],
    ["Die Antwort lautet 42.", "42"],
    ["La réponse est Paris. Bien sûr.", "paris"],
    ["答案是 42。", "42"],
    ["答えはパリです。", "パリ"],
    ["The answer is Dr. Who. He is old.", "dr who"],
    ["The answer is J. K. Rowling.", "jk rowling"],
    ['Here it is:\n```json\n{"answer": "Paris"}\n```', "paris"],
    ['{"answer": {"value": 42}}', "42"],
    ["The total is 42 apples (6 boxes of 7).", "42"],
    ["not 41 but 42", "42"],
    ["It is 42, not 41.", "42"],
    ["I choose B.", "B"],
    ["B is correct.", "B"],
    ["a) Paris", "A"],
    ["Not true.", "false"],
    ["Nope", "false"],
    ["Neil Armstrong, in 1969", "neil armstrong in 1969"],
    ["World War 2", "world war 2"],
    ["Answer: 10 Downing Street", "10 downing street"],
    ["Total Distance: 42 km", "42"],
    ["x = 1, y = 2", "x 1 y 2"],
    ["Answer: 1, 2 and 3", "1 2 and 3"],
    ["Answer: 42 and 42.0", "42"],
    ["Answer: 2√3", "2 3"],
    ["The answer is not 42", "answer is not 42"],
    ["The best choice is a cat.", "best choice is cat"],
    ["A) Paris\nB) Lyon", "paris b lyon"],
    ["A: Paris\nB: Lyon", "paris b lyon"],
    ["<answer></answer>Paris", "answer answer paris"],
    ["{not: json}", "not json"],
    ["Some code:\n```js\nlet a;", "some code js let a"],
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
  ["number", "No one knows", null],
  ["number", "The right one is unclear", null],
  ["number", "one", "1"],
  ["number", "It is not 42", null],
  ["number", "40 or 42", null],
  ["number", "Answer: 2√3", null],
  ["choice", "The right one is (D).", "D"],
  ["choice", "I would say B, since C is too large", "C"],
  ["choice", "Answer: B, since C is too large", "B"],
  ["choice", "A dog and I", null],
  ["choice", "2)", "2"],
  ["choice", "none of them", null],
  ["choice", "I think it is A", "A"],
  ["choice", "I pick A.", "A"],
  ["choice", "(A) is wrong. (B) is right.", "B"],
  ["choice", "B is wrong, C is right", "C"],
  ["choice", "Option A is better than option B.", "A"],
  ["choice", "A isn't it, B it is", "B"],
  ["choice", "(b) Lyon", "B"],
  ["choice", "Both A and B", null],
  ["choice", "B/C", null],
  ["choice", "Answer: A or B", null],
  ["choice", "J. K. Rowling", null],
  ["boolean", "true", "true"],
  ["boolean", "It is not true", "false"],
  ["boolean", "That isn't correct", "false"],
  ["boolean", "Answer: Nein", "false"],
  ["boolean", "да", "true"],
  ["boolean", "perhaps", null],
  ["boolean", "This cannot be true.", "false"],
  ["boolean", "It's not false", "true"],
  ["boolean", "hardly true", "false"],
  ["boolean", "Untrue.", "false"],
  ["boolean", "It is true; what they say is wrong.", "true"],
  ["boolean", "Y", "true"],
  ["boolean", "(F)", "false"],
  ["boolean", "yes/no", null],
  ["boolean", "Is it true or false? True.", "true"],
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

test.each([
  "Answer:",
  "**Final answer:**",
  "The answer is:",
  "####",
  "\\boxed{}",
  '{"answer": null}',
  '{"answer": " "}',
])("F18: a mark without an answer abstains: %s", (text) => {
  for (const format of ["auto", "number", "exact", "text"] as const)
    expect(extractAnswer(text, format)).toEqual({ abstained: "empty" });
});

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
  ["groups by spaces", "1 000 ".repeat(20_000)],
  ["fractions in LaTeX", "\\frac{".repeat(20_000)],
  ["powers in LaTeX", "10^{".repeat(30_000)],
  ["answers to", "the answer to ".repeat(10_000)],
  ["signs", "minus ".repeat(20_000)],
  ["remarks", "1 (a".repeat(25_000)],
  ["remarks in one line", "1 a(b".repeat(200)],
  ["initials", "J. ".repeat(40_000)],
  ["options", "B) is ".repeat(20_000)],
  ["dates", "15 March ".repeat(12_000)],
  ["clocks", "12:30 ".repeat(20_000)],
  ["tags", "<answer>".repeat(1_200)],
  ["lists", `1${", 2".repeat(39)}`],
  ["parts", "1 and a half ".repeat(8_000)],
  ["negations", "not ".repeat(30_000)],
])("F60: hostile text is read in good time: %s", (_, text) => {
  const formats = ["auto", "number", "choice", "boolean", "json", "exact", "text"] as const;
  expect(cpuMs(() => formats.forEach((format) => extractAnswer(text, format)))).toBeLessThan(5_000);
});
