import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { answersSaying, reordered } from "../testing/answers.js";
import { cpuMs } from "../testing/cpu-time.js";
import { castBallots, isUnanimous } from "./ballots.js";
import type { AnswerFormat } from "./format.js";

const keysOf = (texts: readonly string[], format: AnswerFormat = "auto"): readonly string[] =>
  castBallots(answersSaying(texts), format).map((ballot) => ballot.answerKey);

describe("texts that say the same have one key", () => {
  test.each([
    ["Paris", "Paris.", "paris!", "**Paris**"],
    ["Paris", "The capital of France is Paris.", "It's Paris."],
    ["The capital of France is Paris.", "Paris is the capital of France."],
    ["Red, green and blue", "Blue, red and green"],
    ["Hamlet was written by William Shakespeare", "William Shakespeare wrote Hamlet."],
    ["法国的首都是巴黎", "法国首都是巴黎"],
    ["J. K. Rowling", "J.K. Rowling", "The answer is J. K. Rowling."],
    ["U.S.A.", "USA"],
    ["José Martí", "Jose Marti", "JOSÉ MARTÍ"],
    ["Die Hauptstadt ist Berlin", "Berlin"],
    ["It does not exist", "It doesn't exist"],
    ["Tomorrow it will rain in London", "It will rain in London tomorrow"],
  ])("%s", (...texts) => {
    expect(new Set(keysOf(texts)).size).toBe(1);
  });
});

describe("what differs in a number, a negation, a name or an opposite never has", () => {
  test.each([
    ["The capital of France is Paris.", "The capital of France is Lyon."],
    ["William Shakespeare wrote the play Hamlet", "Then Christopher Marlowe wrote the play Hamlet"],
    ["The drug is safe for small children", "The drug is not safe for small children"],
    ["The drug is safe for small children", "The drug isn't safe for small children"],
    ["The drug is safe for small children", "The drug is unsafe for small children"],
    ["Prices will increase next year because of demand", "Prices will decrease next year because of demand"],
    ["法国的首都是巴黎", "法国的首都不是巴黎"],
    ["France", "The capital of France is Paris."],
    ["red", "blue"],
    ["The hepatitis A virus", "The hepatitis B virus"],
    [
      "In those years the old king Louis Capet ruled over the whole land of the north",
      "In those years the old king Henri Valois ruled over the whole land of the north",
    ],
    ["It is a vitamin A", "It is a vitamin B"],
    ["John Smith won the race", "Jane Smith won the race"],
    ["it will rain in london tomorrow", "it will snow in london tomorrow"],
    ["The boy hit the girl", "The girl hit the boy"],
    ["France declared war on Prussia", "Prussia declared war on France"],
    ["Gold is heavier than lead", "Lead is heavier than gold"],
    ["He can do it for you", "He can't do it for you"],
    ["He can do it for you", "He cannot do it for you"],
    ["Neil Armstrong, in 1969", "Buzz Aldrin, in 1969"],
  ])("%s / %s", (a, b) => {
    const [first, second] = keysOf([a, b], "text");
    expect(first).not.toBe(second);
  });

  test("whatever the number", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const [first, second] = keysOf(
          [a, b].map((n) => `The town has had about ${n} happy people since then`),
          "text",
        );
        expect(first === second).toBe(a === b);
      }),
    );
  });

  // The word in front decides which of them is compared first.
  test.each(["zz zz zz", "aa zz zz", "zz aa zz", "zz zz aa"])(
    "no chain of small steps leads past a veto (%s)",
    (first) => {
      const [low = "", between = "", high = ""] = first.split(" ");
      const keys = keysOf(
        [
          `${low} prices of bread and wine decrease next year here in town`,
          `${between} prices of bread and wine next year here in town`,
          `${high} prices of bread and wine increase next year here in town`,
        ],
        "text",
      );
      expect(keys[0]).not.toBe(keys[2]);
      expect(new Set(keys).size).toBe(2);
    },
  );
});

test("the order of members never matters", () => {
  const texts = fc.constantFrom(
    "42",
    "It is 42",
    "41",
    "",
    "Paris",
    "paris.",
    "The capital is Paris",
    "Lyon",
    "yes",
    "B) x",
    "a cat sleeps here today",
    "a cat sleeps here",
    "a cat sleeps there today",
    "a dog sleeps here today",
    "no cat sleeps here today",
  );
  const formats = fc.constantFrom<AnswerFormat>("auto", "text", "number");
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, fc.integer()), { maxLength: 9 }), formats, (items, format) => {
      const answers = answersSaying(items.map(([text]) => text));
      const shuffled = reordered(
        answers,
        items.map(([, order]) => order),
      );
      const byMember = (ballots: ReturnType<typeof castBallots>) =>
        ballots.toSorted((a, b) => a.voter.member - b.voter.member);
      expect(byMember(castBallots(shuffled, format))).toEqual(castBallots(answers, format));
    }),
    { numRuns: 200 },
  );
});

test("texts too long to compare are the same only when they are the same", () => {
  const long = "many words and more ".repeat(2_000);
  const [first, same, other] = keysOf([long, ` ${long}`, `${long}!`], "text");
  expect(same).toBe(first);
  expect(other).not.toBe(first);
});

test("one ballot for each answer; who abstains has no key and no vote", () => {
  const answers = answersSaying(["42", "", "no idea"], [1, 2, 3]);
  expect(castBallots(answers, "number")).toEqual([
    {
      voter: { member: 0, sample: 1 },
      answerKey: "42",
      counted: true,
      weight: 1,
      kind: "number",
      abstained: null,
      truncated: false,
    },
    {
      voter: { member: 1, sample: 1 },
      answerKey: "",
      counted: false,
      weight: 2,
      kind: null,
      abstained: "empty",
      truncated: false,
    },
    {
      voter: { member: 2, sample: 1 },
      answerKey: "",
      counted: false,
      weight: 3,
      kind: null,
      abstained: "no_number",
      truncated: false,
    },
  ]);
});

test("F19: a cut answer weighs half", () => {
  const [answer] = answersSaying(["42"], [3]);
  expect(answer && castBallots([{ ...answer, truncated: true }], "auto")[0]?.weight).toBe(1.5);
});

test("unanimous: at least one votes, and all who vote say the same", () => {
  const unanimous = (...texts: readonly string[]): boolean =>
    isUnanimous(castBallots(answersSaying(texts), "number"));
  expect(unanimous("42", "It is 42", "no idea")).toBe(true);
  expect(unanimous("42", "41")).toBe(false);
  expect(unanimous("no idea")).toBe(false);
  expect(unanimous()).toBe(false);
});

test.each([
  ["much alike", 12],
  ["little alike", 2],
])("F60: 160 long answers that are %s are compared in good time", (_, every) => {
  const base = Array.from({ length: 1_000 }, (__, i) => `word${(i * 7919) % 811}`);
  const texts = Array.from({ length: 160 }, (__, i) =>
    base.map((w, j) => ((i * 31 + j * 17) % every === 0 ? `${w}x${i % 9}` : w)).join(" "),
  );
  expect(cpuMs(() => castBallots(answersSaying(texts), "text"))).toBeLessThan(3_000);
});
