import { describe, expect, test } from "vitest";
import { reordered } from "../testing/answers.js";
import { fc } from "../testing/seeded.js";
import { byScores, normalised, type ScoreSheet, trimmedMean } from "./scores.js";

const sheet = (scores: readonly number[]): ScoreSheet =>
  scores.map((score, i) => ({ candidate: { id: "abcd"[i] ?? "", weight: 1 }, score }));
const sheets = fc.array(
  fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 4, maxLength: 4 }).map(sheet),
  {
    minLength: 1,
    maxLength: 6,
  },
);

test("a judge that is harsh, or uses a part of the scale, changes nothing", () => {
  const shift = fc.integer({ min: -50, max: 50 });
  const scale = fc.constantFrom(0.1, 0.5, 1, 3);
  fc.assert(
    fc.property(sheets, shift, scale, ([first = [], ...rest], by, times) => {
      const harsh = first.map(({ candidate, score }) => ({ candidate, score: score * times + by }));
      expect(byScores([harsh, ...rest])).toEqual(byScores([first, ...rest]));
    }),
  );
});

test("the order of judges and of what they score never matters", () => {
  fc.assert(
    fc.property(sheets, fc.array(fc.integer(), { minLength: 6, maxLength: 6 }), (given, order) => {
      const shuffled = reordered(given, order).map((one) => reordered(one, order));
      expect(byScores(shuffled)).toEqual(byScores(given));
    }),
  );
});

test("one judge out of five cannot decide alone", () => {
  const fair = [9, 8, 1, 2];
  const bribed = [0, 0, 0, 10];
  expect(byScores([fair, fair, fair, fair, bribed].map(sheet))[0]?.id).toBe("a");
  // Without the trimming the one would pull the last past the second.
  const close = [9, 8, 1, 7];
  const order = (trim: number) =>
    byScores([close, close, close, close, bribed].map(sheet), trim).map(({ id }) => id);
  expect(order(0.2)).toEqual(["a", "b", "d", "c"]);
  expect(order(0)).toEqual(["a", "d", "b", "c"]);
});

describe("normalised", () => {
  const zScores = (scores: readonly number[]) => normalised(sheet(scores)).map(({ score }) => score);

  test("mean 0, standard deviation 1", () => {
    expect(zScores([1, 3])).toEqual([-1, 1]);
    const scores = zScores([3, 1, 4, 1]);
    expect(scores.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
    expect(scores.reduce((a, b) => a + b * b, 0)).toBeCloseTo(4, 12);
  });

  test("the same for all: nothing", () => {
    expect(zScores([7, 7, 7])).toEqual([0, 0, 0]);
    expect(zScores([])).toEqual([]);
  });
});

test("trimmedMean leaves out whole values at both ends", () => {
  expect(trimmedMean([5, 1, 2, 3, 100], 0.2)).toBe(10 / 3);
  expect(trimmedMean([1, 2, 3, 4], 0.2)).toBe(2.5);
  expect(trimmedMean([], 0.2)).toBe(0);
});

test("nobody scored: nobody stands", () => {
  expect(byScores([])).toEqual([]);
  expect(byScores([[]])).toEqual([]);
});
