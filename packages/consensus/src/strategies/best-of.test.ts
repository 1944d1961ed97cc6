import { describe, expect, test } from "vitest";
import { answersSaying } from "../testing/answers.js";
import { judging } from "../testing/scripted-models.js";
import {
  answersIn,
  dataIn,
  down,
  inputOf,
  type Model,
  runStrategy,
  saying,
} from "../testing/strategy-run.js";
import { bestOf } from "./best-of.js";
import { comparisonOf, type Preference } from "./comparison.js";
import type { Reply } from "./strategy.js";

const prefers = (better: Preference | null): Reply => saying(JSON.stringify({ better }));

describe("what two orders come to", () => {
  const [A, B] = ["Answer A", "Answer B"] as const;
  test.each([
    [A, B, "first"],
    [B, A, "second"],
    ["tie", "tie", "tie"],
    [A, A, "position_disagreement"],
    [B, B, "position_disagreement"],
    [A, "tie", "position_disagreement"],
    ["tie", A, "position_disagreement"],
    [B, "tie", "position_disagreement"],
    [null, B, "unparsable"],
    [A, null, "unparsable"],
    [null, "tie", "unparsable"],
    [null, null, "unparsable"],
  ] as const)("%s, then %s: %s", (forward, backward, result) => {
    expect(comparisonOf(forward, backward)).toBe(result);
  });
});

describe("the questions", () => {
  test("each pair in both orders, to the aggregator, all at once", () => {
    const { steps } = runStrategy(bestOf, inputOf(["say red", "say blue", "say green"]), () => down);
    expect(steps.map((prompts) => prompts.length)).toEqual(bestOf.calls(3));
    const shown = steps[0]?.map((prompt) => {
      expect(prompt).toMatchObject({ to: "aggregator", version: "best_of/1" });
      expect(prompt.sampling).toMatchObject({ temperature: 0, responseFormat: { name: "comparison" } });
      expect(dataIn(prompt).map(({ label }) => label)).toEqual(["Conversation", "Answer A", "Answer B"]);
      return answersIn(prompt).map(({ text }) => text.slice(4));
    });
    expect(shown).toEqual([
      ["red", "blue"],
      ["blue", "red"],
      ["red", "green"],
      ["green", "red"],
      ["blue", "green"],
      ["green", "blue"],
    ]);
  });

  test("F60: equal texts are one, however many say them", () => {
    const { steps } = runStrategy(bestOf, inputOf(["42", "42 ", "\n42", "41", "42"]), () => down);
    expect(steps[0]).toHaveLength(2);
    expect(runStrategy(bestOf, inputOf(["42", "42"]), () => down)).toMatchObject({
      steps: [],
      outcome: { text: "42", agreement: 1, aggregatorUnavailable: false },
    });
  });

  test("of many texts 8 are compared: the best of each key before further wordings of one", () => {
    const texts = [...Array.from({ length: 12 }, (_, i) => `${"so ".repeat(i)}42`), "41", "40"];
    const { steps } = runStrategy(bestOf, inputOf(texts), () => down);
    expect(steps.map((prompts) => prompts.length)).toEqual([56]);
    expect(bestOf.calls(14)).toEqual([56]);
    const compared = new Set(steps[0]?.flatMap((prompt) => answersIn(prompt).map(({ text }) => text)));
    expect(compared.size).toBe(8);
    expect(compared).toContain("41");
    expect(compared).toContain("40");
  });

  test.each([
    [0, []],
    [1, []],
    [2, [2]],
    [8, [56]],
    [160, [56]],
  ])("%i answers: at most %j calls", (answers, calls) => {
    expect(bestOf.calls(answers)).toEqual(calls);
  });
});

describe("the outcome", () => {
  const panel = ["It is 42.", "Answer: 41", "42"];

  test("the answer that beats the others, word for word, with the share of the votes for its key", () => {
    const { outcome } = runStrategy(
      bestOf,
      inputOf(panel),
      judging((text) => (text === "42" ? 1 : 0)),
    );
    expect(outcome).toMatchObject({
      text: "42",
      answerKey: "42",
      agreement: 2 / 3,
      promptVersion: "best_of/1",
      aggregatorUnavailable: false,
    });
    expect(outcome.tieBroken).toBeUndefined();
  });

  test("also when most members say something else", () => {
    const { outcome } = runStrategy(
      bestOf,
      inputOf(panel),
      judging((text) => (text.includes("41") ? 1 : 0)),
    );
    expect(outcome).toMatchObject({ text: "Answer: 41", agreement: 1 / 3 });
  });

  test.each(["Answer A", "Answer B"] as const)(
    "a model that always says %s wins nothing for anybody",
    (better) => {
      const answers = answersSaying(["say red", "say blue", "say green"], [1, 3, 2]);
      const orders = [
        answers,
        answers.toReversed(),
        [answers[1], answers[0], answers[2]].flatMap((a) => a ?? []),
      ];
      for (const order of orders) {
        const { outcome } = runStrategy(bestOf, inputOf([], { answers: order }), () => prefers(better));
        expect(outcome).toMatchObject({ text: "say blue", aggregatorUnavailable: false, tieBroken: true });
      }
    },
  );

  test("ties go to the heavier votes", () => {
    expect(runStrategy(bestOf, inputOf(panel), () => prefers("tie")).outcome).toMatchObject({
      answerKey: "42",
      tieBroken: true,
      aggregatorUnavailable: false,
    });
  });

  test("a win of which one order fails is none; the others count", () => {
    const winning = judging((text) => (text.includes("41") ? 1 : 0));
    // Pairs: 0-1, 0-2, 1-2. What the first pair says is lost; the last one still decides.
    const model: Model = (prompt, call) => (call === 0 ? down : winning(prompt, call));
    expect(runStrategy(bestOf, inputOf(panel), model).outcome).toMatchObject({
      text: "Answer: 41",
      aggregatorUnavailable: false,
    });
    const hardly: Model = (prompt, call) => (call % 2 === 0 ? down : winning(prompt, call));
    expect(runStrategy(bestOf, inputOf(panel), hardly).outcome).toMatchObject({
      answerKey: "42",
      aggregatorUnavailable: true,
    });
  });

  test.each<[string, Reply]>([
    ["fails", down],
    ["is empty", saying("")],
    ["is prose", saying("Answer A is better.")],
    ["names no label", saying('{"better": "42"}')],
    ["is a score", saying('{"better": "Answer A", "score": 10}')],
    ["quotes a verdict of somebody else", saying('The first one claims {"better": "Answer B"}')],
    ["says both", saying('{"better": "Answer A"}{"better": "Answer B"}')],
  ])("F51: every reply %s: the plurality, marked", (_, reply) => {
    expect(runStrategy(bestOf, inputOf(panel), () => reply).outcome).toMatchObject({
      answerKey: "42",
      promptVersion: "best_of/1",
      aggregatorUnavailable: true,
    });
  });
});
