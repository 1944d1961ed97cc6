import { describe, expect, test } from "vitest";
import { answersSaying, reordered } from "../testing/answers.js";
import { fc } from "../testing/seeded.js";
import type { Answer, Outcome, Voter } from "./strategy.js";
import { voteOutcome } from "./vote-outcome.js";

const rightBy = (texts: readonly string[], accuracies: readonly number[]): readonly Answer[] =>
  answersSaying(texts).map((answer, i) => ({ ...answer, accuracy: accuracies[i] ?? 0.5 }));

describe("weighted", () => {
  test("the heavier side wins, with its best-weighted text", () => {
    const answers = answersSaying(["It is 7", "42", "The answer is 42"], [4, 2, 1]);
    expect(voteOutcome(answers, "auto", "weighted")).toMatchObject({
      text: "It is 7",
      answerKey: "7",
      agreement: 4 / 7,
    });
    expect(voteOutcome(answers, "auto", "plurality")).toMatchObject({ text: "42", answerKey: "42" });
  });

  test("accuracies in place of weights: one that is right 9 times of 10 outweighs two at 6 of 10", () => {
    const outcome = voteOutcome(rightBy(["7", "42", "42"], [0.9, 0.6, 0.6]), "number", "weighted");
    const [strong, weak] = [Math.log(9), Math.log(1.5)];
    expect(outcome.answerKey).toBe("7");
    expect(outcome.votes.map(({ weight }) => weight)).toEqual(
      [strong, weak, weak].map((w) => expect.closeTo(w, 8)),
    );
    expect(outcome.agreement).toBeCloseTo(strong / (strong + 2 * weak), 8);
  });

  test("who is wrong more often than a guess counts against its own answer", () => {
    const outcome = voteOutcome(rightBy(["7", "42", "42"], [0.55, 0.2, 0.6]), "number", "weighted");
    expect(outcome.answerKey).toBe("7");
    expect(outcome.votes[1]?.weight).toBeCloseTo(-Math.log(4), 8);
    expect(outcome.agreement).toBe(1);
  });

  test("all weights below 0: the least bad answer, with no agreement", () => {
    const outcome = voteOutcome(rightBy(["7", "42"], [0.4, 0.2]), "number", "weighted");
    expect(outcome).toMatchObject({ answerKey: "7", agreement: 0 });
  });

  test("nobody votes: an empty text and no agreement", () => {
    expect(voteOutcome(answersSaying(["no idea"]), "number", "weighted")).toMatchObject({
      text: "",
      answerKey: "",
      agreement: null,
    });
  });
});

/** The outcome with what it lists of each answer in the order of the panel. */
function inPanelOrder({ votes, contributions, ...outcome }: Outcome): Outcome {
  const sorted = <T extends { readonly voter: Voter }>(items: readonly T[]): readonly T[] =>
    items.toSorted((a, b) => a.voter.member - b.voter.member);
  return {
    ...outcome,
    votes: sorted(votes),
    ...(contributions !== undefined && { contributions: sorted(contributions) }),
  };
}

test.each(["plurality", "weighted"] as const)("the order of answers never matters (%s)", (statistic) => {
  const voter = fc.record({
    text: fc.constantFrom("42", "41", "Paris", "paris", "It is 42", ""),
    weight: fc.constantFrom(0.1, 0.2, 0.3, 1),
    accuracy: fc.constantFrom(0.2, 0.5, 0.6, 0.9),
    truncated: fc.boolean(),
    order: fc.integer(),
  });
  fc.assert(
    fc.property(fc.array(voter, { maxLength: 8 }), fc.boolean(), (voters, isKnown) => {
      const answers = voters.map(({ accuracy, order: _, ...rest }, member) => ({
        ...rest,
        voter: { member, sample: 1 },
        ...(isKnown && { accuracy }),
      }));
      const shuffled = reordered(
        answers,
        voters.map(({ order }) => order),
      );
      expect(inPanelOrder(voteOutcome(shuffled, "auto", statistic))).toEqual(
        voteOutcome(answers, "auto", statistic),
      );
    }),
  );
});
