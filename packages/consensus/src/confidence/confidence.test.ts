import { describe, expect, test } from "vitest";
import type { Vote } from "../strategies/strategy.js";
import { fc } from "../testing/seeded.js";
import { confidenceOf, type Reliability } from "./confidence.js";
import { effectiveVotes, withShares } from "./correlation.js";

/** One vote each by these members, in their order; an empty key abstains. */
const outcome = (answerKey: string, keys: readonly string[]) => ({
  answerKey,
  votes: keys.map((key, member): Vote => ({
    voter: { member, sample: 1 },
    answerKey: key,
    counted: key !== "",
    weight: 1,
  })),
});
const strangers = (...accuracies: readonly number[]): readonly Reliability[] =>
  accuracies.map((accuracy, i) => ({ accuracy, family: `family ${i}` }));

describe("independent members", () => {
  test("one alone is as right as it is", () => {
    expect(confidenceOf(outcome("a", ["a"]), strangers(0.7))).toBeCloseTo(0.7, 12);
  });

  test("by Bayes: two that agree, two that do not", () => {
    const agree = (0.7 * 0.6) / (0.7 * 0.6 + 0.3 * 0.4);
    expect(confidenceOf(outcome("a", ["a", "a"]), strangers(0.7, 0.6))).toBeCloseTo(agree, 12);
    const differ = (0.7 * 0.4) / (0.7 * 0.4 + 0.3 * 0.6);
    expect(confidenceOf(outcome("a", ["a", "b"]), strangers(0.7, 0.6))).toBeCloseTo(differ, 12);
  });

  test("of three options, errors fall on both wrong ones alike", () => {
    const likelihood = (right: number) =>
      [0.7, 0.6, 0.5].reduce((product, p, i) => product * (i === right ? p : (1 - p) / 2), 1);
    const expected = likelihood(0) / (likelihood(0) + likelihood(1) + likelihood(2));
    expect(confidenceOf(outcome("a", ["a", "b", "c"]), strangers(0.7, 0.6, 0.5))).toBeCloseTo(expected, 12);
  });

  test("the probabilities of all options add up to 1", () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 7 });
    const accuracy = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(keys, fc.array(accuracy, { minLength: 7, maxLength: 7 }), (votes, accuracies) => {
        const options = [...new Set(votes)].filter((key) => key !== "");
        const all = options.map((key) => confidenceOf(outcome(key, votes), strangers(...accuracies)) ?? 0);
        const sum = all.reduce((a, b) => a + b, 0);
        if (options.length > 1) expect(sum).toBeCloseTo(1, 9);
        else expect(sum).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("unknown is null", () => {
  test.each([
    ["a voter's accuracy", outcome("a", ["a", "b"]), [{ accuracy: 0.9, family: "x" }, { family: "y" }]],
    ["who voted", outcome("a", ["a"]), []],
    ["anyone who said so", outcome("c", ["a", "b"]), strangers(0.9, 0.9)],
    ["a key", outcome("", [""]), strangers(0.9)],
  ])("%s", (_, given, members) => {
    expect(confidenceOf(given, members)).toBeNull();
  });

  test("but nobody asks for the accuracy of who abstained", () => {
    expect(
      confidenceOf(outcome("a", ["a", ""]), [{ accuracy: 0.9, family: "x" }, { family: "y" }]),
    ).toBeCloseTo(0.9);
  });
});

test("a cut answer is half the evidence", () => {
  const { answerKey, votes } = outcome("a", ["a"]);
  const cut = { answerKey, votes: votes.map((vote) => ({ ...vote, truncated: true })) };
  expect(confidenceOf(cut, strangers(0.9))).toBeCloseTo(3 / 4, 12);
});

describe("an exact copy of a member", () => {
  const keys = fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 6 });
  const accuracies = fc.array(fc.double({ min: 0.05, max: 0.95, noNaN: true }), {
    minLength: 6,
    maxLength: 6,
  });

  test("changes nothing, as a member of the same family or as another sample", () => {
    fc.assert(
      fc.property(keys, accuracies, fc.nat(), (votes, known, pick) => {
        const at = pick % votes.length;
        const copied = votes[at] ?? "";
        const members = strangers(...known.slice(0, votes.length));
        const alone = outcome("a", votes);
        const before = confidenceOf(alone, members);

        const seat = members[at] ?? { family: "" };
        const asMember = outcome("a", [...votes, copied]);
        const asSample = {
          answerKey: "a",
          votes: [
            ...alone.votes,
            ...alone.votes
              .filter((_, i) => i === at)
              .map((vote) => ({ ...vote, voter: { member: at, sample: 2 } })),
          ],
        };
        if (before === null) return;
        expect(confidenceOf(asMember, [...members, seat])).toBeCloseTo(before, 9);
        expect(confidenceOf(asSample, members)).toBeCloseTo(before, 9);
      }),
    );
  });

  test("raises it where errors are measured to be less alike", () => {
    const copies = outcome("a", ["a", "a"]);
    const members = [0.8, 0.8].map((accuracy) => ({ accuracy, family: "x" }));
    const at = (rho: number) => confidenceOf(copies, members, { sameFamily: rho }) ?? 0;
    expect(at(1)).toBeCloseTo(0.8, 12);
    expect(at(0)).toBeCloseTo(16 / 17, 12);
    expect(at(0.5)).toBeGreaterThan(at(1));
    expect(at(0.5)).toBeLessThan(at(0));
  });
});

describe("effective votes", () => {
  test("n / (1 + (n-1) rho)", () => {
    expect(effectiveVotes(5, 0)).toBe(5);
    expect(effectiveVotes(5, 1)).toBe(1);
    expect(effectiveVotes(5, 0.5)).toBeCloseTo(5 / 3, 12);
  });

  test("are what equally correlated voters share", () => {
    const votes = Array.from({ length: 6 }, (_, member) => ({ voter: { member, sample: 1 } }));
    for (const rho of [0, 0.2, 0.7, 1]) {
      const shares = withShares(votes, { correlation: { others: rho } });
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(effectiveVotes(6, rho), 12);
    }
  });
});
