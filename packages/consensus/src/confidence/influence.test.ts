import { describe, expect, test } from "vitest";
import { castBallots } from "../answers/ballots.js";
import { answersSaying } from "../testing/answers.js";
import { fc } from "../testing/seeded.js";
import { standingsBy } from "../voting/statistic.js";
import { influences } from "./influence.js";

const ballots = (texts: readonly string[], weights?: readonly number[]) =>
  castBallots(answersSaying(texts, weights), "number");
const swinging = (
  texts: readonly string[],
  weights?: readonly number[],
  statistic: "plurality" | "weighted" = "plurality",
) =>
  influences(ballots(texts, weights), statistic).flatMap(({ voter, swings }) =>
    swings ? [voter.member] : [],
  );

describe("who alone swings the outcome", () => {
  test("nobody in a clear majority", () => {
    expect(swinging(["42", "42", "42", "7"])).toEqual([]);
  });

  test("each voter of a majority of one, where the tie would go to the other side", () => {
    expect(swinging(["42", "42", "7"], [1, 1, 2])).toEqual([0, 1]);
  });

  test("the heavy one, where weights decide", () => {
    expect(swinging(["42", "7", "7"], [3, 1, 1], "weighted")).toEqual([0]);
    expect(swinging(["42", "7", "7"], [3, 1, 1])).toEqual([1, 2]);
  });

  test("nobody where nobody else votes: nothing is left to swing to", () => {
    expect(influences(ballots(["42", "no idea"]), "plurality")).toEqual([
      { voter: { member: 0, sample: 1 }, influence: null, swings: false },
      { voter: { member: 1, sample: 1 }, influence: 0, swings: false },
    ]);
    expect(influences(ballots(["no idea"]), "weighted")).toEqual([]);
  });

  test("one whose log-odds count against its own answer swings by leaving", () => {
    const votes = ballots(["42", "42", "7"]).map((ballot, i) => ({
      ...ballot,
      accuracy: [0.7, 0.2, 0.6][i] ?? 0,
    }));
    // 42: ln(7/3) - ln(4), which is less than the ln(3/2) of 7; without the second it is more.
    expect(influences(votes, "weighted").map(({ swings }) => swings)).toEqual([false, true, true]);
  });
});

test("influence is the part of the winner's share that the answer brings", () => {
  const [first, , third] = influences(ballots(["42", "42", "7", "42"]), "plurality");
  expect(first?.influence).toBeCloseTo(3 / 4 - 2 / 3, 12);
  expect(third?.influence).toBeCloseTo(3 / 4 - 1, 12);
});

test("who swings is exactly without whom another wins; backers never lower it, dissenters never raise it", () => {
  const voter = fc.tuple(fc.constantFrom("1", "2", "3", "x"), fc.constantFrom(0.5, 1, 2));
  fc.assert(
    fc.property(
      fc.array(voter, { maxLength: 8 }),
      fc.constantFrom("plurality" as const, "weighted" as const),
      (voters, statistic) => {
        const votes = ballots(
          voters.map(([text]) => text),
          voters.map(([, weight]) => weight),
        );
        const winner = standingsBy(statistic, votes)[0]?.key;
        for (const [index, { swings, influence }] of influences(votes, statistic).entries()) {
          const rest = votes.filter((_, i) => i !== index);
          const other = standingsBy(statistic, rest)[0]?.key;
          expect(swings).toBe(other !== undefined && other !== winner);
          if (influence !== null) {
            const isFor = votes[index]?.answerKey === winner;
            expect(isFor ? influence >= 0 : influence <= 0).toBe(true);
          }
        }
      },
    ),
  );
});
