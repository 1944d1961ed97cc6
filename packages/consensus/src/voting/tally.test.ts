import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import type { Vote } from "../strategies/strategy.js";
import { reordered } from "../testing/answers.js";
import { compareByHash, stableHash } from "./stable-hash.js";
import { shareOf, standings } from "./tally.js";

const votesFor = (...votes: readonly (readonly [key: string, weight: number])[]): readonly Vote[] =>
  votes.map(([answerKey, weight], member) => ({
    voter: { member, sample: 1 },
    answerKey,
    counted: answerKey !== "",
    weight,
  }));
const winnerOf = (votes: readonly Vote[]): string | undefined => standings(votes)[0]?.key;

describe("standings", () => {
  test("more votes win, whatever they weigh", () => {
    expect(winnerOf(votesFor(["a", 1], ["a", 1], ["b", 9]))).toBe("a");
  });

  test("a tie goes to the heavier votes", () => {
    expect(winnerOf(votesFor(["a", 1], ["b", 2]))).toBe("b");
  });

  test("then to the hash of the key: a fixed one, not the first", () => {
    const [first = "", second = ""] = ["a", "b"].toSorted(compareByHash);
    expect(winnerOf(votesFor([first, 1], [second, 1]))).toBe(first);
    expect(winnerOf(votesFor([second, 1], [first, 1]))).toBe(first);
  });

  test("votes that do not count are left out", () => {
    expect(standings(votesFor(["", 5], ["", 5], ["a", 1]))).toEqual([{ key: "a", votes: 1, weight: 1 }]);
    expect(standings([])).toEqual([]);
  });

  test("the order never matters, not even for weights that do not add up exactly", () => {
    const vote = fc.tuple(fc.constantFrom("a", "b", "c", ""), fc.constantFrom(0.1, 0.2, 0.3, 0.6, 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(vote, fc.integer())), (items) => {
        const votes = votesFor(...items.map(([v]) => v));
        const other = reordered(
          votes,
          items.map(([, order]) => order),
        );
        expect(standings(other)).toEqual(standings(votes));
        for (const key of ["a", "b"]) expect(shareOf(key, other)).toBe(shareOf(key, votes));
      }),
    );
  });
});

test("a share is the weight for a key by the weight of all that count", () => {
  const votes = votesFor(["a", 1], ["b", 3], ["", 7]);
  expect(shareOf("b", votes)).toBe(0.75);
  expect(shareOf("x", votes)).toBe(0);
  expect(shareOf("a", votesFor(["a", 0.1], ["a", 0.2], ["a", 0.3]))).toBe(1);
  expect(shareOf("a", votesFor(["", 1]))).toBeNull();
});

test("the hash of a text never changes", () => {
  expect(["", "a", "42", "é", "日本"].map(stableHash)).toMatchInlineSnapshot(`
    [
      2872998923,
      2448022055,
      3965502516,
      2705881783,
      3490853225,
    ]
  `);
});

test("log-odds that cancel out leave a share of 0, and none is outside of 0 to 1", () => {
  expect(shareOf("a", votesFor(["a", 0], ["b", 0]))).toBe(0);
  expect(shareOf("a", votesFor(["a", 2], ["b", -2]))).toBe(0);
  expect(shareOf("a", votesFor(["a", 2], ["b", -1]))).toBe(1);
  expect(shareOf("b", votesFor(["a", 2], ["b", -1]))).toBe(0);
});
