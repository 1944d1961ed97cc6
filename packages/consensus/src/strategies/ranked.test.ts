import { describe, expect, test } from "vitest";
import type { Answer } from "./strategy.js";
import { answersSaying } from "../testing/answers.js";
import { formOf, judging } from "../testing/scripted-models.js";
import {
  answersIn,
  dataIn,
  down,
  inputOf,
  type Model,
  runStrategy,
  saying,
  textOf,
} from "../testing/strategy-run.js";
import type { Ranking } from "../voting/borda.js";
import { distinctAnswers } from "./distinct-answers.js";
import { ranked } from "./ranked.js";
import { orderOf, rankingText } from "./ranking-order.js";
import type { Reply } from "./strategy.js";

const panel = ["say red", "say blue", "say green", "say grey"];

/** Ranks by what it is given for each text, the higher the better, and writes a text. */
const chaired =
  (values: Readonly<Record<string, number>>, written: Reply = saying("It is done.")): Model =>
  (prompt, call) =>
    formOf(prompt) === undefined ? written : judging((text) => values[text] ?? 0)(prompt, call);
const byColour = { "say red": 3, "say blue": 2, "say green": 1, "say grey": 0 };

describe("the questions", () => {
  const { steps } = runStrategy(ranked, inputOf(panel), chaired(byColour));
  const [ballots = [], chair = []] = steps;

  test("each member ranks the others' answers, never its own; then the aggregator writes", () => {
    expect(steps.map((prompts) => prompts.length)).toEqual(ranked.calls(4));
    expect(ballots.map(({ to, version }) => [to, version])).toEqual(
      [0, 1, 2, 3].map((to) => [to, "ranked/1"]),
    );
    for (const [member, own] of panel.entries()) {
      const prompt = ballots[member];
      if (prompt === undefined) throw new Error("every member is asked");
      expect(dataIn(prompt).map(({ label }) => label)).toEqual([
        "Conversation",
        "Answer A",
        "Answer B",
        "Answer C",
      ]);
      expect(
        answersIn(prompt)
          .map(({ text }) => text)
          .toSorted(),
      ).toEqual(panel.filter((text) => text !== own).toSorted());
      expect(prompt.sampling).toMatchObject({ temperature: 0, responseFormat: { name: "ranking" } });
    }
    expect(chair.map(({ to, version }) => [to, version])).toEqual([["aggregator", "ranked_answer/1"]]);
  });

  test("the chair sees the answers and their order with the Borda means", () => {
    const [prompt] = chair;
    if (prompt === undefined) throw new Error("the chair is asked");
    const texts = new Map(dataIn(prompt).map(({ label, text }) => [label, text]));
    const ranking: { answer: string; score: number }[] = JSON.parse(texts.get("Ranking") ?? "");
    expect(ranking.map(({ answer, score }) => [texts.get(answer), score])).toEqual([
      ["say red", 1],
      ["say blue", 0.67],
      ["say green", 0.33],
      ["say grey", 0],
    ]);
    expect(textOf(prompt.messages[1]).split("\n\n").at(-1)).toMatch(/^Write the final answer/);
  });

  test("F60: a member with several samples ranks once, and none of them", () => {
    const [a, b, c] = answersSaying(["say red", "say blue", "say green"]);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three answers were made");
    const sampled = [a, b, { ...c, voter: { member: 1, sample: 2 } }];
    const asked = runStrategy(ranked, inputOf([], { answers: sampled }), chaired({})).steps[0];
    expect(asked?.map(({ to }) => to)).toEqual([0]);
  });

  test("the same text of several members is ranked as one, also by those who wrote it", () => {
    const { steps: asked } = runStrategy(
      ranked,
      inputOf(["say red", "say red ", "say blue"]),
      chaired(byColour),
    );
    expect(asked[0]?.map(({ to }) => to)).toEqual([0, 1]);
    expect(
      asked[0]?.[0]?.messages
        .map(textOf)
        .join()
        .match(/say red/g),
    ).toHaveLength(1);
  });

  test.each([
    ["two answers", ["say red", "say blue"]],
    ["one answer", ["say red"]],
    ["equal answers", ["say red", "say red", "say red"]],
  ])("%s: there is nothing to rank, they are synthesised", (_, texts) => {
    const { steps: asked, outcome } = runStrategy(ranked, inputOf(texts), chaired({}));
    expect(asked.map((prompts) => prompts.map(({ version }) => version))).toEqual([["synthesis/1"]]);
    expect(outcome).toMatchObject({ text: "It is done.", promptVersion: "synthesis/1" });
    expect(ranked.calls(2)).toEqual([1]);
  });
});

describe("the order", () => {
  const answers = distinctAnswers(inputOf(["a", "b", "c"], { answerFormat: "exact" }));
  const rankingsOf = (...texts: readonly string[]): readonly Ranking[] =>
    texts.map((text) => [...text].flatMap((id) => answers.find((answer) => answer.id === id) ?? []));
  const orderBy = (...texts: readonly string[]): readonly (readonly [string, number | null])[] =>
    orderOf(answers, rankingsOf(...texts)).map(({ id, score }) => [id, score]);

  test("by the Borda mean, where nobody beats all others", () => {
    expect(orderBy("abc", "bca", "bca", "cab", "abc")).toEqual([
      ["b", 0.6],
      ["a", 0.5],
      ["c", 0.4],
    ]);
  });

  test("an answer that beats every other one stands first whatever its mean", () => {
    expect(orderBy("abc", "abc", "abc", "bca", "bca")).toEqual([
      ["a", 0.6],
      ["b", 0.7],
      ["c", 0.2],
    ]);
  });

  test("its reader sees equal means in the order of the labels, and who was not ranked last", () => {
    const shown = ["c", "b", "a"].flatMap((id, i) =>
      answers.flatMap((one) => (one.id === id ? [{ label: `Answer ${"ABC"[i]}`, answer: one.answer }] : [])),
    );
    const readBy = (...texts: readonly string[]): unknown =>
      JSON.parse(rankingText(orderOf(answers, rankingsOf(...texts)), shown));
    expect(readBy("ab", "ba")).toEqual([
      { answer: "Answer B", score: 0.5 },
      { answer: "Answer C", score: 0.5 },
      { answer: "Answer A", score: null },
    ]);
    expect(readBy("abc", "abc", "abc", "bca", "bca")).toEqual([
      { answer: "Answer C", score: 0.6 },
      { answer: "Answer B", score: 0.7 },
      { answer: "Answer A", score: 0.2 },
    ]);
  });
});

describe("the outcome", () => {
  const numbers = ["It is 42", "Answer: 42", "41"];

  test("what the chair wrote, with the share of the votes that say the same", () => {
    expect(
      runStrategy(ranked, inputOf(numbers), chaired({}, saying("It must be 42."))).outcome,
    ).toMatchObject({
      text: "It must be 42.",
      answerKey: "42",
      agreement: 2 / 3,
      promptVersion: "ranked_answer/1",
      aggregatorUnavailable: false,
    });
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["is empty", saying("")],
    ["is prose", saying("Answer A, then Answer B.")],
    ["leaves one out", saying('{"ranking": ["Answer A", "Answer B"]}')],
    ["names one twice", saying('{"ranking": ["Answer A", "Answer B", "Answer B"]}')],
    ["names one that is not there", saying('{"ranking": ["Answer A", "Answer B", "Answer D"]}')],
    ["adds scores", saying('{"ranking": ["Answer A", "Answer B", "Answer C"], "scores": [9, 1, 1]}')],
    ["quotes somebody else's", saying('It says {"ranking": ["Answer A", "Answer B", "Answer C"]}')],
  ])("a ranking that %s counts for nothing, the others decide", (_, reply) => {
    const broken: Model = (prompt, call) => (prompt.to === 1 ? reply : chaired(byColour, down)(prompt, call));
    expect(runStrategy(ranked, inputOf(panel), broken).outcome).toMatchObject({ text: "say red" });
    const { outcome, steps } = runStrategy(ranked, inputOf(panel), (prompt, call) =>
      typeof prompt.to === "number" ? reply : chaired(byColour)(prompt, call),
    );
    expect(steps, "the chair is not asked").toHaveLength(1);
    expect(outcome).toMatchObject({ promptVersion: "ranked/1", aggregatorUnavailable: true });
  });

  test("one valid ranking is enough; what it does not hold comes last", () => {
    const one: Model = (prompt, call) =>
      typeof prompt.to === "number" && prompt.to > 0 ? down : chaired(byColour)(prompt, call);
    const prompt = runStrategy(ranked, inputOf(panel), one).steps[1]?.[0];
    if (prompt === undefined) throw new Error("the chair is asked");
    const texts = new Map(dataIn(prompt).map(({ label, text }) => [label, text]));
    const ranking: { answer: string; score: number | null }[] = JSON.parse(texts.get("Ranking") ?? "");
    expect(ranking.map(({ answer, score }) => [texts.get(answer), score])).toEqual([
      ["say blue", 1],
      ["say green", 0.5],
      ["say grey", 0],
      ["say red", null],
    ]);
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["says nothing", saying(" ")],
  ])("F51: a chair that %s: the answer that is ranked first, marked", (_, reply) => {
    const values = { "It is 42": 0, "Answer: 42": 1, "41": 2 };
    expect(runStrategy(ranked, inputOf(numbers), chaired(values, reply)).outcome).toMatchObject({
      text: "41",
      answerKey: "41",
      agreement: 1 / 3,
      promptVersion: "ranked_answer/1",
      aggregatorUnavailable: true,
    });
  });

  test("F51: no ranking at all: the plurality, marked", () => {
    expect(runStrategy(ranked, inputOf(numbers), () => down).outcome).toMatchObject({
      answerKey: "42",
      aggregatorUnavailable: true,
    });
  });

  test("no answer has a vote: no model is asked", () => {
    const answers: readonly Answer[] = answersSaying(["", " "]);
    expect(ranked.next(inputOf([], { answers }), [])).toMatchObject({
      outcome: { text: "", agreement: null },
    });
  });
});
