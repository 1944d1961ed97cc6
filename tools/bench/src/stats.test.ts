import { describe, expect, it } from "vitest";
import { median, percentile, rotate, spread } from "./stats.js";

describe("percentile", () => {
  it("takes the nearest rank, whatever the order", () => {
    const values = [5, 1, 4, 2, 3];
    expect(percentile(values, 0.5)).toBe(3);
    expect(percentile(values, 0.99)).toBe(5);
    expect(percentile(values, 0)).toBe(1);
    expect(percentile(values, 1)).toBe(5);
    expect(values).toEqual([5, 1, 4, 2, 3]);
  });

  it("compares as numbers", () => {
    expect(percentile([100, 20, 3], 0.5)).toBe(20);
  });

  it("is NaN of nothing", () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe("median", () => {
  it.each([
    [[7], 7],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe("spread", () => {
  it("sums up the repeats", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  });

  it("is nothing when a repeat has no value", () => {
    expect(spread([1, null, 2])).toBeNull();
    expect(spread([1, Number.NaN])).toBeNull();
    expect(spread([])).toBeNull();
  });
});

describe("rotate", () => {
  it("puts each variant first once", () => {
    const list = ["a", "b", "c"];
    expect([0, 1, 2, 3].map((by) => rotate(list, by).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
    expect(rotate([], 2)).toEqual([]);
  });
});
