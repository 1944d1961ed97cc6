import { describe, expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import type { Answer } from "../strategies/strategy.js";
import { posteriorOf } from "../confidence/posterior.js";
import { patternsOf } from "../testing/patterns.js";
import { answersSaying } from "../testing/answers.js";
import { type Statistic, standingsBy } from "../voting/statistic.js";
import { type ConfidentRule, confidentStop } from "./confident.js";

const stops = (
  answers: readonly Answer[],
  rule?: ConfidentRule,
  statistic: Statistic = "plurality",
  outstanding: readonly { weight: number }[] = [],
): boolean => confidentStop({ ballots: castBallots(answers, "number"), outstanding }, statistic, rule);
const unanimous = (n: number): readonly Answer[] => answersSaying(Array.from({ length: n }, () => "42"));
const known = (...voters: readonly (readonly [text: string, accuracy: number])[]): readonly Answer[] =>
  answersSaying(voters.map(([text]) => text)).map((answer, i) => ({
    ...answer,
    accuracy: voters[i]?.[1] ?? 0,
  }));

describe("the Beta rule, where nothing is known of the voters", () => {
  test("at 0.95 exactly 4 votes of one mind", () => {
    expect([1, 2, 3, 4, 5].map((n) => stops(unanimous(n)))).toEqual([false, false, false, true, true]);
    expect([1, 2, 3, 4].map((n) => stops(unanimous(n), { confidence: 0.9 }))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    // 1 - (1/2)^5 is all that 4 votes give.
    expect(stops(unanimous(4), { confidence: 1 - 0.5 ** 5 })).toBe(true);
    expect(stops(unanimous(4), { confidence: 0.97 })).toBe(false);
  });

  test("a vote against it needs more of them", () => {
    const against = (n: number) => stops(answersSaying(["7", ...Array.from({ length: n }, () => "42")]));
    expect([4, 5, 6, 7].map(against)).toEqual([false, false, true, true]);
  });

  test("who abstains counts for nothing", () => {
    expect(stops(answersSaying(["no idea", "42", "42", "42", "42"]))).toBe(true);
    expect(stops(answersSaying(["no idea"]))).toBe(false);
    expect(stops([])).toBe(false);
  });

  test("a cut answer is half a vote", () => {
    expect(stops(unanimous(4).map((answer) => ({ ...answer, truncated: true })))).toBe(false);
  });

  test("weights count where they decide: the heaviest voter is one", () => {
    const light = answersSaying(["42", "42", "42", "42"], [1, 1, 1, 1]);
    expect(stops(light, {}, "weighted", [{ weight: 1 }])).toBe(true);
    expect(stops(light, {}, "weighted", [{ weight: 10 }])).toBe(false);
    expect(stops(light, {}, "plurality", [{ weight: 10 }])).toBe(true);
  });

  test("samples of one member are one vote, and so are members of one family", () => {
    const samples = unanimous(4).map((answer, i) => ({ ...answer, voter: { member: 0, sample: i + 1 } }));
    expect(stops(samples)).toBe(false);
    expect(stops(samples, { correlation: { sameMember: 0 } })).toBe(true);
    expect(stops(unanimous(4), { families: ["a", "b", "c", "c"] })).toBe(false);
    expect(stops(unanimous(5), { families: ["a", "b", "c", "c", "d"] })).toBe(true);
  });
});

describe("the posterior, where all accuracies are known", () => {
  test("two good ones are enough", () => {
    expect(stops(known(["42", 0.9]))).toBe(false);
    expect(stops(known(["42", 0.9], ["42", 0.8]))).toBe(true);
    expect(stops(known(["42", 0.9], ["42", 0.8]), { confidence: 0.98 })).toBe(false);
    expect(stops(known(["42", 0.6], ["42", 0.6], ["42", 0.6], ["42", 0.6]))).toBe(false);
  });

  test("calibrated: what it claims when it stops is how often it is right", () => {
    const patterns = patternsOf([0.85, 0.75, 0.7, 0.65, 0.6, 0.8, 0.55]);
    let [early, claimed, right] = [0, 0, 0];
    for (const { ballots, probability } of patterns) {
      const asked = ballots.findIndex((_, i) =>
        confidentStop({ ballots: ballots.slice(0, i + 1), outstanding: ballots.slice(i + 1) }, "weighted", {
          confidence: 0.9,
        }),
      );
      const heard = asked < 0 ? ballots : ballots.slice(0, asked + 1);
      const winner = standingsBy("weighted", heard)[0]?.key ?? "";
      if (heard.length < ballots.length) early += probability;
      claimed += probability * (posteriorOf(winner, heard) ?? 0);
      right += probability * (winner === "right" ? 1 : 0);
    }
    expect(early).toBeGreaterThan(0.5);
    expect(claimed).toBeCloseTo(right, 9);
  });

  test("of who wins by the statistic that decides", () => {
    const split = known(["42", 0.99], ["7", 0.6], ["7", 0.6]);
    expect(stops(split, {}, "weighted")).toBe(true);
    expect(stops(split, {}, "plurality")).toBe(false);
  });

  test("one unknown accuracy: the Beta rule", () => {
    const certain = known(["42", 0.99], ["42", 0.99]);
    expect(stops(certain)).toBe(true);
    expect(stops([...certain, ...answersSaying(["", "", "42"])])).toBe(false);
  });
});
