import { expect, test } from "vitest";
import { compare, rowOf } from "./rows.js";

const told = [10, 20, 30, 40].map((ms) => ({ text: "", made: 5, saved: ms / 40, costUsd: 0.001 * ms, ms }));

test("a row has the share of right answers with its interval, and means and quantiles of the rest", () => {
  const row = rowOf("x", told, [true, true, true, false]);
  expect(row).toMatchObject({ name: "x", accuracy: 0.75, made: 5, saved: 0.625, p50: 20, p95: 40 });
  expect(row.costUsd).toBeCloseTo(25);
  // Clopper & Pearson for 3 of 4.
  expect(row.interval?.[0]).toBeCloseTo(0.1941, 4);
  expect(row.interval?.[1]).toBeCloseTo(0.9937, 4);
});

test("a cost that is not known leaves the whole row's unknown", () => {
  const [first, ...rest] = told;
  const unknown = first === undefined ? [] : [{ ...first, costUsd: null }];
  expect(rowOf("x", [...unknown, ...rest], []).costUsd).toBeNull();
});

test("what decides nothing has no accuracy", () => {
  expect(rowOf("x", told, [])).toMatchObject({ accuracy: null, interval: null, right: [] });
});

const list = (text: string): readonly boolean[] => [...text].map((sign) => sign === "+");

test.each([
  ["++++++", "------", "better"],
  ["------", "++++++", "worse"],
  ["+++++-", "------", "not told apart"],
  ["++++++", "++++++", "not told apart"],
  ["+++---", "---+++", "not told apart"],
  ["++++++++++++-", "------+++++++", "not told apart"],
])("%s against %s: %s", (a, b, expected) => {
  expect(compare(list(a), list(b))).toBe(expected);
});

test("only questions count that one alone answered rightly", () => {
  const same = "+".repeat(500);
  expect(compare(list(`${same}++++++`), list(`${same}------`))).toBe("better");
});
