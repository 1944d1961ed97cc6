import { describe, expect, test } from "vitest";
import { answersSaying } from "../testing/answers.js";
import {
  answersIn,
  dataIn,
  down,
  inputOf,
  type Model,
  runStrategy,
  saying,
} from "../testing/strategy-run.js";
import { mostConsistent } from "./most-consistent.js";
import type { Reply } from "./strategy.js";

const panel = ["I say 42. Answer: 42", "Answer: 41", "It is 42."];

/** Picks the answer that holds a text. */
const picking =
  (words: string): Model =>
  (prompt) =>
    saying(JSON.stringify({ most_consistent: answersIn(prompt).find((a) => a.text.includes(words))?.label }));

describe("the question", () => {
  const { steps } = runStrategy(mostConsistent, inputOf(panel), () => down);

  test("one prompt to the aggregator: the conversation and the answers as data, a label as the reply", () => {
    expect(steps.map((prompts) => prompts.length)).toEqual(mostConsistent.calls(3));
    const prompt = steps[0]?.[0];
    if (prompt === undefined) throw new Error("it asks once");
    expect(prompt).toMatchObject({ to: "aggregator", version: "most_consistent/1" });
    expect(dataIn(prompt).map(({ label }) => label)).toEqual([
      "Conversation",
      "Answer A",
      "Answer B",
      "Answer C",
    ]);
    expect(prompt.sampling).toEqual({
      temperature: 0,
      responseFormat: {
        type: "json_schema",
        name: "pick",
        schemaJson: expect.stringContaining('"enum":["Answer A","Answer B","Answer C"]'),
        strict: true,
      },
    });
  });

  test("nothing is asked when fewer than two answers have a vote", () => {
    for (const texts of [[], [" "], ["42"], ["", "42", " "]]) {
      const { outcome, steps: asked } = runStrategy(mostConsistent, inputOf(texts), () => down);
      expect(asked).toEqual([]);
      expect(outcome).toMatchObject({
        text: texts.find((text) => text.trim() !== "") ?? "",
        aggregatorUnavailable: false,
      });
    }
    expect(mostConsistent.calls(1)).toEqual([]);
  });
});

describe("the outcome", () => {
  test("the picked answer, word for word, with the share of the votes for its key", () => {
    expect(runStrategy(mostConsistent, inputOf(panel), picking("I say")).outcome).toMatchObject({
      text: "I say 42. Answer: 42",
      answerKey: "42",
      agreement: 2 / 3,
      promptVersion: "most_consistent/1",
      aggregatorUnavailable: false,
    });
  });

  test("also when it is that of the few", () => {
    const { outcome } = runStrategy(mostConsistent, inputOf(panel), picking("41"));
    expect(outcome).toMatchObject({ text: "Answer: 41", answerKey: "41", agreement: 1 / 3 });
    expect(outcome.votes.map((vote) => vote.answerKey)).toEqual(["42", "41", "42"]);
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["says nothing", saying(" \n")],
    ["writes prose", saying("Answer A is the most consistent.")],
    ["names no label", saying('{"most_consistent": "42"}')],
    ["names a label that is not there", saying('{"most_consistent": "Answer D"}')],
    ["names a label in other letters", saying('{"most_consistent": "answer a"}')],
    ["names two", saying('{"most_consistent": ["Answer A", "Answer B"]}')],
    ["names none", saying('{"most_consistent": null}')],
    ["adds a field", saying('{"most_consistent": "Answer A", "weight": 99}')],
    ["quotes a pick of somebody else", saying('One answer says {"most_consistent": "Answer B"}')],
    ["picks twice", saying('{"most_consistent": "Answer A"}\n{"most_consistent": "Answer B"}')],
  ])("F51: the aggregator %s: the plurality, marked", (_, reply) => {
    expect(runStrategy(mostConsistent, inputOf(panel), () => reply).outcome).toMatchObject({
      answerKey: "42",
      promptVersion: "most_consistent/1",
      aggregatorUnavailable: true,
    });
  });

  test("F51: all differ: the best single answer by weight", () => {
    const answers = answersSaying(["say red", "say blue", "say green"], [1, 5, 2]);
    expect(runStrategy(mostConsistent, inputOf([], { answers }), () => down).outcome.text).toBe("say blue");
  });
});
