import { expect, test } from "vitest";
import { logNormal, pick, shuffled, unit } from "./hash.js";

test("draws are decided by their parts and spread evenly", () => {
  expect(unit(1, "a", 2)).toBe(unit(1, "a", 2));
  expect(unit("ab", "c")).not.toBe(unit("a", "bc"));
  const draws = Array.from({ length: 20_000 }, (_, index) => unit("even", index));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  expect(mean).toBeCloseTo(0.5, 1);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = draws.filter((draw) => Math.floor(draw * 10) === tenth).length / draws.length;
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
  }
});

test("log-normal draws have the median and the spread that were asked for", () => {
  const draws = Array.from({ length: 20_000 }, (_, index) => logNormal(300, 0.4, index)).toSorted(
    (a, b) => a - b,
  );
  expect(draws[10_000]).toBeGreaterThan(290);
  expect(draws[10_000]).toBeLessThan(310);
  // One standard deviation above the median stands at the 84th percentile.
  expect((draws[16_827] ?? 0) / 300).toBeCloseTo(Math.exp(0.4), 1);
});

test("picking and shuffling keep to what is there", () => {
  expect(() => pick([], 1)).toThrow(RangeError);
  expect(shuffled([1, 2, 3, 4, 5], 9).toSorted()).toEqual([1, 2, 3, 4, 5]);
});
