import { describe, expect, test } from "vitest";
import { ballotFor, expected, type Pattern, patternsOf } from "../testing/patterns.js";
import { fc } from "../testing/seeded.js";
import { logOdds } from "./log-odds.js";
import { compareByHash } from "./stable-hash.js";
import { isTie, type Statistic, standingsBy } from "./statistic.js";
import { weightedShare, weighed, weightedStandings } from "./weighted.js";

/** How often the winner is right. */
const accuracyOf = (statistic: Statistic, accuracies: readonly number[]): number =>
  expected(patternsOf(accuracies), ({ ballots }) =>
    standingsBy(statistic, ballots)[0]?.key === "right" ? 1 : 0,
  );

/** How likely each option is, given the votes and which of so many options is right. */
const likelihood = (right: string, { ballots }: Pattern, options: number): number =>
  ballots.reduce(
    (product, { answerKey, accuracy = 0 }) =>
      product * (answerKey === right ? accuracy : (1 - accuracy) / (options - 1)),
    1,
  );

describe("majority", () => {
  test.each([
    [3, 0.7, 0.784],
    [5, 0.7, 0.837],
    [9, 0.7, 0.901],
  ])("of %i that are right with %d: %d", (n, p, right) => {
    expect(
      accuracyOf(
        "plurality",
        Array.from({ length: n }, () => p),
      ),
    ).toBeCloseTo(right, 3);
  });

  test("is the sum of C(n,k) p^k (1-p)^(n-k) over k > n/2", () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const n of [1, 3, 5, 7]) {
      for (const p of [0.3, 0.55, 0.8]) {
        let sum = 0;
        for (let k = (n + 1) / 2; k <= n; k++) sum += choose(n, k) * p ** k * (1 - p) ** (n - k);
        expect(
          accuracyOf(
            "plurality",
            Array.from({ length: n }, () => p),
          ),
        ).toBeCloseTo(sum, 12);
      }
    }
  });

  test("gets worse with more voters that are wrong more often than not", () => {
    const of = (n: number) =>
      accuracyOf(
        "plurality",
        Array.from({ length: n }, () => 0.45),
      );
    expect(of(3)).toBeLessThan(of(1));
    expect(of(5)).toBeLessThan(of(3));
    expect(of(9)).toBeLessThan(of(5));
  });
});

describe("log-odds", () => {
  const accuracy = fc.integer({ min: 2, max: 98 }).map((percent) => percent / 100);

  test("weigh 0 for p = 1/K and less below, more the more options there are", () => {
    for (const options of [2, 3, 4, 10]) expect(logOdds(1 / options, options)).toBeCloseTo(0, 12);
    expect(logOdds(0.3, 3)).toBeLessThan(0);
    expect(logOdds(0.3, 4)).toBeGreaterThan(0);
    expect(logOdds(0.8, 2)).toBeCloseTo(Math.log(4), 12);
    expect(logOdds(0.8, 3)).toBeCloseTo(Math.log(8), 12);
  });

  test("are finite for who is always right or always wrong", () => {
    expect(logOdds(1, 2)).toBeCloseTo(Math.log(1e9), 5);
    expect(logOdds(0, 2)).toBeCloseTo(-Math.log(1e9), 5);
  });

  test.each([
    [[0.85, 0.75, 0.7, 0.65, 0.6], 0.8546, 0.8789],
    [[0.9, 0.6, 0.6, 0.6, 0.6], 0.7862, 0.9],
  ])("%j: majority %d, weighted %d", (accuracies, majority, weighted) => {
    expect(accuracyOf("plurality", accuracies)).toBeCloseTo(majority, 4);
    expect(accuracyOf("weighted", accuracies)).toBeCloseTo(weighted, 4);
  });

  test("are the optimum over all patterns of two options", () => {
    fc.assert(
      fc.property(fc.array(accuracy, { minLength: 1, maxLength: 6 }), (accuracies) => {
        // The best rule there is picks the likelier option of each pattern. The other one may not have been named.
        const patterns = patternsOf(accuracies).filter(
          ({ ballots }) => new Set(ballots.map((b) => b.answerKey)).size === 2,
        );
        for (const pattern of patterns) {
          const winner = weightedStandings(pattern.ballots)[0]?.key ?? "";
          const other = winner === "right" ? "wrong" : "right";
          expect(likelihood(winner, pattern, 2)).toBeGreaterThanOrEqual(
            likelihood(other, pattern, 2) * (1 - 1e-7),
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  test("are the optimum over all patterns that name three options", () => {
    const options = ["right", "wrong", "odd"] as const;
    fc.assert(
      fc.property(fc.array(accuracy, { minLength: 3, maxLength: 5 }), (accuracies) => {
        for (const pattern of patternsOf(accuracies, [...options])) {
          if (new Set(pattern.ballots.map((b) => b.answerKey)).size < 3) continue;
          const winner = weightedStandings(pattern.ballots)[0]?.key ?? "";
          const most = Math.max(...options.map((option) => likelihood(option, pattern, 3)));
          expect(likelihood(winner, pattern, 3)).toBeGreaterThanOrEqual(most * (1 - 1e-7));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("of equal voters give the majority", () => {
    const key = fc.constantFrom("a", "b", "c");
    fc.assert(
      fc.property(fc.array(key, { minLength: 1 }), accuracy, (keys, p) => {
        fc.pre(p > 0.5);
        const ballots = keys.map((k, i) => ballotFor(k, i, p));
        expect(weightedStandings(ballots)[0]?.key).toBe(standingsBy("plurality", ballots)[0]?.key);
      }),
    );
  });

  test("count only when all accuracies are known", () => {
    const { accuracy: _, ...unknown } = ballotFor("b", 1, 0.9);
    const mixed = [ballotFor("a", 0, 0.6), { ...unknown, weight: 2 }];
    expect(weightedStandings(mixed)).toEqual([
      { key: "b", votes: 1, weight: 2 },
      { key: "a", votes: 1, weight: 1 },
    ]);
    expect(weighed(mixed).map(({ weight }) => weight)).toEqual([1, 2]);
  });
});

describe("configured weights", () => {
  const votesFor = (...votes: readonly (readonly [key: string, weight: number])[]) =>
    votes.map(([answerKey, weight], member) => {
      const { accuracy: _, ...ballot } = ballotFor(answerKey, member, 0);
      return { ...ballot, weight, counted: answerKey !== "" };
    });

  test("the larger sum wins, whatever the number of votes", () => {
    expect(weightedStandings(votesFor(["a", 3], ["b", 1], ["b", 1], ["", 9]))).toEqual([
      { key: "a", votes: 1, weight: 3 },
      { key: "b", votes: 2, weight: 2 },
    ]);
  });

  test("sums are exact: 0.1 + 0.2 is 0.3, and the tie goes to the hash", () => {
    const tied = weightedStandings(votesFor(["a", 0.1], ["a", 0.2], ["b", 0.3]));
    expect(tied.map(({ weight }) => weight)).toEqual([0.3, 0.3]);
    expect(tied[0]?.key).toBe(["a", "b"].toSorted(compareByHash)[0]);
    expect(isTie("weighted", tied)).toBe(true);
    expect(isTie("plurality", tied)).toBe(false);
    expect(isTie("weighted", tied.slice(0, 1))).toBe(false);
  });

  test("a share is that of all weights, exactly 1 when all are for it, null when none counts", () => {
    const votes = votesFor(["a", 1], ["b", 3], ["", 7]);
    expect(weightedShare("b", votes)).toBe(0.75);
    expect(weightedShare("x", votes)).toBe(0);
    expect(weightedShare("a", votesFor(["a", 0.1], ["a", 0.2]))).toBe(1);
    expect(weightedShare("x", votesFor(["a", 0.1]))).toBe(0);
    expect(weightedShare("a", votesFor(["", 1]))).toBeNull();
  });
});
