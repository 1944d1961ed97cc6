import { describe, expect, test } from "vitest";
import { reordered } from "../testing/answers.js";
import { fc } from "../testing/seeded.js";
import { borda, type Ranking } from "./borda.js";
import type { Candidate } from "./candidate.js";
import { condorcetWinner } from "./condorcet.js";
import { copeland } from "./copeland.js";
import { type Duel, duelsOf } from "./duel.js";
import { compareByHash } from "./stable-hash.js";

const candidate = (id: string, weight = 1): Candidate => ({ id, weight });
const ranking = (ids: string): Ranking => [...ids].map((id) => candidate(id));
const candidatesOf = (rankings: readonly Ranking[]): readonly Candidate[] => [
  ...new Map(rankings.flat().map((one) => [one.id, one])).values(),
];
const bordaWinner = (rankings: readonly Ranking[]) => borda(rankings)[0]?.id;
const copelandWinner = (rankings: readonly Ranking[]) =>
  copeland(candidatesOf(rankings), duelsOf(rankings))[0]?.id;

/** Full rankings of up to five candidates. */
const profiles = fc
  .integer({ min: 2, max: 5 })
  .chain((n) =>
    fc.array(fc.shuffledSubarray([..."abcde"].slice(0, n), { minLength: n }), {
      minLength: 1,
      maxLength: 7,
    }),
  )
  .map((orders) => orders.map((order) => ranking(order.join(""))));

describe.each([
  ["Borda", bordaWinner],
  ["Copeland", copelandWinner],
  ["Condorcet", (rankings: readonly Ranking[]) => condorcetWinner(rankings)?.id],
] as const)("%s", (_, winnerOf) => {
  test("unanimity: whom all rank first wins", () => {
    fc.assert(
      fc.property(profiles, (rankings) => {
        const first = candidate("z");
        expect(winnerOf(rankings.map((order) => [first, ...order]))).toBe("z");
      }),
    );
  });

  test("anonymity: the order of the voters never matters", () => {
    fc.assert(
      fc.property(profiles, fc.array(fc.integer(), { minLength: 7, maxLength: 7 }), (rankings, order) => {
        expect(winnerOf(reordered(rankings, order))).toBe(winnerOf(rankings));
      }),
    );
  });

  test("neutrality: other names, the same winner, except by lot", () => {
    const renamed = (rankings: readonly Ranking[]) =>
      rankings.map((order) => order.map(({ id, weight }) => candidate(id.toUpperCase(), weight)));
    // With weights that all differ no tie is left to the hash of a name.
    const weighed = profiles.map((rankings) =>
      rankings.map((order) => order.map(({ id }) => candidate(id, id.charCodeAt(0)))),
    );
    fc.assert(
      fc.property(weighed, (rankings) => {
        expect(winnerOf(renamed(rankings))).toBe(winnerOf(rankings)?.toUpperCase());
      }),
    );
  });
});

describe("Borda", () => {
  test("the mean place, 1 for the first and 0 for the last", () => {
    expect(borda([ranking("abc"), ranking("bac"), ranking("abc")])).toEqual([
      { id: "a", weight: 1, score: 0.833333333 },
      { id: "b", weight: 1, score: 0.666666667 },
      { id: "c", weight: 1, score: 0 },
    ]);
  });

  test("who may not rank its own answer does it no harm", () => {
    // a, b and c each rank the other two.
    const rankings = [ranking("bc"), ranking("ac"), ranking("ab")];
    expect(borda(rankings).map(({ id, score }) => [id, score])).toEqual([
      ["a", 1],
      ["b", 0.5],
      ["c", 0],
    ]);
  });

  test("nothing ranked, or one alone: no score", () => {
    expect(borda([])).toEqual([]);
    expect(borda([ranking("a"), []])).toEqual([{ id: "a", weight: 1, score: 0 }]);
  });

  test("a tie goes to the heavier candidate, then to the hash", () => {
    const tied = (weight: number) => {
      const [a, b] = [candidate("a"), candidate("b", weight)];
      return borda([
        [a, b],
        [b, a],
      ])[0]?.id;
    };
    expect(tied(2)).toBe("b");
    expect(tied(0.5)).toBe("a");
    expect(tied(1)).toBe(["a", "b"].toSorted(compareByHash)[0]);
  });
});

describe("Copeland", () => {
  test("chooses a Condorcet winner, wherever there is one", () => {
    let found = 0;
    fc.assert(
      fc.property(profiles, (rankings) => {
        const winner = condorcetWinner(rankings);
        if (winner === null) return;
        found++;
        expect(copelandWinner(rankings)).toBe(winner.id);
      }),
    );
    expect(found).toBeGreaterThan(20);
  });

  test("several duels of the same two: by their majority", () => {
    const duels: readonly Duel[] = [
      { winner: "a", loser: "b" },
      { winner: "b", loser: "a" },
      { winner: "a", loser: "b" },
    ];
    expect(copeland(ranking("ab"), duels).map(({ id, score }) => [id, score])).toEqual([
      ["a", 1],
      ["b", -1],
    ]);
  });

  test("no duel, or as many won as lost: for neither", () => {
    const level: readonly Duel[] = [
      { winner: "a", loser: "b" },
      { winner: "b", loser: "a" },
    ];
    for (const duels of [[], level]) {
      expect(copeland([candidate("a"), candidate("b", 3)], duels)).toEqual([
        { id: "b", weight: 3, score: 0 },
        { id: "a", weight: 1, score: 0 },
      ]);
    }
  });
});

describe("a clone", () => {
  /** The rankings with a copy of a candidate right behind it. */
  const cloned = (rankings: readonly Ranking[], id: string, clone: string): readonly Ranking[] =>
    rankings.map((order) =>
      order.flatMap((other) => (other.id === id ? [other, candidate(clone)] : [other])),
    );

  test("can flip Borda", () => {
    const rankings = [..."xxx"].map(() => ranking("ab")).concat([..."yy"].map(() => ranking("ba")));
    expect(bordaWinner(rankings)).toBe("a");
    expect(bordaWinner(cloned(rankings, "b", "c"))).toBe("b");
    expect(copelandWinner(cloned(rankings, "b", "c"))).toBe("a");
  });

  test("never flips Copeland where a candidate beats all others", () => {
    let found = 0;
    fc.assert(
      fc.property(profiles, fc.constantFrom(..."abcde"), (rankings, id) => {
        const winner = condorcetWinner(rankings)?.id;
        if (winner === undefined) return;
        found++;
        expect(copelandWinner(cloned(rankings, id, "z"))).toBe(winner);
      }),
    );
    expect(found).toBeGreaterThan(20);
  });
});

describe("a Condorcet winner", () => {
  test("beats all others, although another one has more first places", () => {
    const rankings = ["abc", "abc", "cba", "cba", "bac"].map(ranking);
    expect(condorcetWinner(rankings)).toEqual(candidate("b"));
  });

  test("there is none in a circle, in a tie, of nothing, and among those never compared", () => {
    expect(condorcetWinner(["abc", "bca", "cab"].map(ranking))).toBeNull();
    expect(condorcetWinner(["ab", "ba"].map(ranking))).toBeNull();
    expect(condorcetWinner([])).toBeNull();
    expect(condorcetWinner(["ab", "cd"].map(ranking))).toBeNull();
  });

  test("in a circle Copeland leaves the weights to decide", () => {
    const circle = ["abc", "bca", "cab"].map(ranking);
    const weighed = [candidate("a"), candidate("b", 2), candidate("c")];
    expect(copeland(weighed, duelsOf(circle))[0]?.id).toBe("b");
  });
});
