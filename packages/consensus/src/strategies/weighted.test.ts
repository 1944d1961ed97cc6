import { expect, test } from "vitest";
import { answersSaying } from "../testing/answers.js";
import { question } from "../testing/specs.js";
import type { Answer, Outcome } from "./strategy.js";
import { weighted } from "./weighted.js";

function outcomeOf(answers: readonly Answer[]): Outcome {
  const step = weighted.next(
    { conversation: question, answers, answerFormat: "number", seed: 1, nonce: "n0nce123" },
    [],
  );
  if (!("outcome" in step)) throw new Error("it has not concluded");
  return step.outcome;
}

test("the answer whose votes weigh most wins, against more of lighter ones", () => {
  const outcome = outcomeOf(answersSaying(["42", "It is 41", "41"], [5, 1, 1]));
  expect(outcome).toMatchObject({
    text: "42",
    answerKey: "42",
    agreement: 5 / 7,
    aggregatorUnavailable: false,
  });
  expect(outcome.contributions?.map(({ swings }) => swings)).toEqual([true, false, false]);
});

test("with all accuracies known, log-odds weigh; with one unknown, the weights as configured do", () => {
  const answers = answersSaying(["42", "41", "41"], [1, 1, 1]);
  const known = answers.map((answer, i) => ({ ...answer, accuracy: i === 0 ? 0.95 : 0.6 }));
  expect(outcomeOf(known).answerKey).toBe("42");
  expect(outcomeOf(known.map((answer, i) => (i === 2 ? (answers[2] ?? answer) : answer))).answerKey).toBe(
    "41",
  );
});

test("a tie goes to the stable hash of the key, and is told", () => {
  const outcome = outcomeOf(answersSaying(["42", "41"], [2, 2]));
  expect(outcome.tieBroken).toBe(true);
  expect(outcome.answerKey).toBe(outcomeOf(answersSaying(["41", "42"], [2, 2])).answerKey);
});
