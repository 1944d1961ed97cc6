import { describe, expect, test, vi } from "vitest";
import { type Ballot, castBallots } from "../answers/ballots.js";
import { answersSaying } from "../testing/answers.js";
import { standings } from "../voting/tally.js";
import { losslessStop } from "./lossless.js";

// Trying every completion takes seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

/** A vote: the key, or null for who abstained. */
type Choice = string | null;

// The last one is a key that nobody has named while the round goes on: it may have any hash.
const options: readonly Choice[] = ["a", "b", "c", null];
const unnamed = ["x", "y", "z", "w", "v", "u"];

const ballot = (key: Choice, weight: number, member = 0): Ballot => ({
  voter: { member, sample: 1 },
  answerKey: key ?? "",
  counted: key !== null,
  weight,
  kind: key === null ? null : "exact",
  abstained: key === null ? "empty" : null,
});

const winnerOf = (votes: readonly Ballot[]): string | undefined => standings(votes)[0]?.key;

/** Every list of `length` choices. */
function* lists(length: number, from: readonly Choice[]): Generator<readonly Choice[]> {
  if (length === 0) yield [];
  else for (const head of from) for (const tail of lists(length - 1, from)) yield [head, ...tail];
}

/** Whether some completion has another winner. All are tried, keys that nobody named yet included. */
function canChange(votes: readonly Ballot[], outstanding: readonly number[]): boolean {
  const winner = winnerOf(votes);
  for (const rest of lists(outstanding.length, [...options, ...unnamed])) {
    const completed = [...votes, ...rest.map((key, i) => ballot(key, outstanding[i] ?? 1))];
    if (winnerOf(completed) !== winner) return true;
  }
  return false;
}

const weightings: readonly (readonly number[])[] = [
  [1, 1, 1, 1, 1],
  [2, 1, 1, 1, 1],
  [1, 1, 1, 2, 2],
  [1, 2, 3, 1, 2],
  [0.1, 0.2, 0.3, 0.1, 0.2],
  [5, 1, 1, 1, 0.5],
];

describe("never changes the winner, and stops whenever it could not change", () => {
  test.each(weightings.map((weights) => [weights.join(" "), weights] as const))(
    "weights %s",
    (_, weights) => {
      let stopped = 0;
      const wrong: unknown[] = [];
      for (let n = 1; n <= 5; n++) {
        // With more votes out than these it can never stop: tested below.
        for (let known = Math.max(0, n - 3); known <= n; known++) {
          const outstandingWeights = weights.slice(known, n);
          for (const choices of lists(known, options)) {
            const ballots = choices.map((key, i) => ballot(key, weights[i] ?? 1, i));
            const stops = losslessStop({ ballots, outstandingWeights });
            if (stops !== isDecided(ballots, outstandingWeights))
              wrong.push({ choices, outstandingWeights, stops });
            if (stops && known < n) stopped++;
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(stopped).toBeGreaterThan(50);
    },
  );

  /** By trying everything: no completion has another winner, and no unnamed key of the right hash could be one. */
  function isDecided(ballots: readonly Ballot[], outstanding: readonly number[]): boolean {
    const winner = standings(ballots)[0];
    if (winner === undefined || canChange(ballots, outstanding)) return false;
    const weight = outstanding.toSorted((a, b) => a - b).reduce((sum, w) => sum + w, 0);
    const tied = winner.votes === outstanding.length && winner.weight === weight;
    return outstanding.length === 0 || !tied;
  }
});

test("more votes are out than the winner has: it waits", () => {
  for (let known = 1; known < 4; known++) {
    const ballots = Array.from({ length: known }, (_, i) => ballot("a", 9, i));
    expect(losslessStop({ ballots, outstandingWeights: Array.from({ length: known + 1 }, () => 0.1) })).toBe(
      false,
    );
  }
});

test("nobody voted yet: it waits", () => {
  expect(losslessStop({ ballots: [ballot(null, 1)], outstandingWeights: [] })).toBe(false);
  expect(losslessStop({ ballots: [], outstandingWeights: [1] })).toBe(false);
});

describe("texts are clustered anew when one more comes in", () => {
  const stops = (texts: readonly string[], out: number): boolean =>
    losslessStop({
      ballots: castBallots(answersSaying(texts), "auto"),
      outstandingWeights: Array.from({ length: out }, () => 1),
    });

  test("a text never wins early", () => {
    expect(stops(["Paris", "Paris", "Paris"], 1)).toBe(false);
    expect(stops(["Paris", "Paris", "Paris"], 0)).toBe(true);
  });

  test("all texts together are one rival of a number", () => {
    expect(stops(["42", "42", "42", "Paris"], 1)).toBe(true);
    expect(stops(["42", "42", "42", "red", "blue"], 1)).toBe(false);
  });
});

test("it saves calls: the share of them for members that are right 70 % of the time", () => {
  const asked = (n: number): number => {
    let sum = 0;
    for (const choices of lists(n, ["a", "b"])) {
      const chance = choices.reduce((p, key) => p * (key === "a" ? 0.7 : 0.3), 1);
      const votes = choices.map((key, i) => ballot(key, 1, i));
      let known = 1;
      while (
        !losslessStop({ ballots: votes.slice(0, known), outstandingWeights: votes.slice(known).map(() => 1) })
      )
        known++;
      sum += chance * known;
    }
    return sum / n;
  };
  for (const n of [5, 7, 9]) {
    expect(1 - asked(n)).toBeGreaterThan(0.15);
    expect(1 - asked(n)).toBeLessThan(0.31);
  }
});
