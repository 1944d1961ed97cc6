import { expect, test } from "vitest";
import { clopperPearson, selectorBound } from "./beta-bound.js";

/** P(at most k of n), each with probability p: the interval is defined by it. */
function cumulative(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = term;
  for (let i = 1; i <= k; i++) {
    term *= ((n - i + 1) / i) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

test.each([
  [0, 10],
  [1, 10],
  [5, 10],
  [9, 10],
  [10, 10],
  [7, 200],
])("%i of %i: each end leaves 2.5 %% outside", (hits, of) => {
  const { share, low, high } = clopperPearson(hits, of);
  expect(share).toBe(hits / of);
  if (hits > 0) expect(1 - cumulative(hits - 1, of, low)).toBeCloseTo(0.025, 9);
  else expect(low).toBe(0);
  if (hits < of) expect(cumulative(hits, of, high)).toBeCloseTo(0.025, 9);
  else expect(high).toBe(1);
});

test("the rule of three: none in 100 is below about 3 %", () => {
  expect(clopperPearson(0, 100, 0.9).high).toBeCloseTo(1 - 0.05 ** (1 / 100), 9);
});

test.each([
  [1, 0],
  [-1, 5],
  [6, 5],
  [1.5, 5],
])("%d of %d is no share", (hits, of) => {
  expect(() => clopperPearson(hits, of)).toThrow(RangeError);
});

test("no selector is right where every member is wrong", () => {
  const right = [
    [true, false],
    [false, false],
    [false, true],
    [true, true],
  ];
  const bound = selectorBound(right);
  expect(bound.share).toBe(0.75);
  expect(bound).toEqual(clopperPearson(3, 4));
});
