import { describe, expect, test } from "vitest";
import { MappingError } from "./mapping-error.js";
import { fromProtoDuration, toBigInt, toCount, toMilliseconds, toNumber, toProtoDuration } from "./scalar.js";

describe("whole numbers", () => {
  test.each([0n, 1n, -1n, 9_007_199_254_740_991n, -9_007_199_254_740_991n])("%s comes back", (value) => {
    expect(toBigInt(toNumber(value, "x"), "x")).toBe(value);
  });

  test.each([9_007_199_254_740_992n, -9_007_199_254_740_992n, 2n ** 63n])("%s is refused", (value) => {
    expect(() => toNumber(value, "usage.input_tokens")).toThrow(/^usage\.input_tokens: .* beyond/);
  });

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%s is no integer", (value) => {
    expect(() => toBigInt(value, "x")).toThrow(MappingError);
  });

  test("a count is never negative", () => {
    expect(() => toCount(-1, "x")).toThrow(MappingError);
  });
});

describe("times", () => {
  test.each([
    [0.4, 0n],
    [1.5, 2n],
    [-3, 0n],
    [1234, 1234n],
  ])("%s ms are measured as %s", (value, whole) => {
    expect(toMilliseconds(value, "x")).toBe(whole);
  });

  test("a time that is no number is refused", () => {
    expect(() => toMilliseconds(Number.NaN, "x")).toThrow(MappingError);
  });

  test.each([0, 1, 999, 2000, 300_000])("%s ms come back from a Duration", (value) => {
    expect(fromProtoDuration(toProtoDuration(value, "x"))).toBe(value);
  });
});
