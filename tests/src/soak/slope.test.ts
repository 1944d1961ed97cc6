import { expect, it } from "vitest";

import { slopeOf } from "./slope.js";

const points = (...values: readonly number[]) =>
  values.map((value, index) => ({ questions: 100 * (index + 1), value }));

it.each([
  ["a line", points(5, 205, 405, 605), 2],
  ["a line with one odd point", points(0, 100, 90_000, 300, 400), 1],
  ["what is flat", points(7, 7, 7), 0],
  ["what falls", points(300, 200, 100), -1],
  ["two points", points(0, 50), 0.5],
  ["one point", points(9), 0],
  ["nothing", [], 0],
])("the slope of %s", (_, given, slope) => {
  expect(slopeOf(given)).toBe(slope);
});
