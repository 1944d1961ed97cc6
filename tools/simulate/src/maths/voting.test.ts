import { expect, test } from "vitest";
import { alike, ask, independent } from "../panel.js";
import { randomFrom } from "../random.js";
import { exactAccuracy, majorityRight, simulatedAccuracy } from "./voting.js";

test.each([
  [3, 0.7, 0.784],
  [5, 0.7, 0.837],
  [9, 0.7, 0.901],
])("the majority of %i at %d is right with %d", (n, p, right) => {
  expect(majorityRight(n, p)).toBeCloseTo(right, 3);
  expect(exactAccuracy("plurality", alike(n, p))).toBeCloseTo(majorityRight(n, p), 12);
});

test.each([
  [[0.85, 0.75, 0.7, 0.65, 0.6], 0.8546, 0.8789],
  [[0.9, 0.6, 0.6, 0.6, 0.6], 0.7862, 0.9],
])("%j: majority %d, weighted %d, and simulations come to the same", (accuracies, majority, weighted) => {
  const members = independent(...accuracies);
  const draws = { questions: 20_000, random: randomFrom(1) };
  expect(exactAccuracy("plurality", members)).toBeCloseTo(majority, 4);
  expect(exactAccuracy("weighted", members)).toBeCloseTo(weighted, 4);
  expect(Math.abs(simulatedAccuracy("plurality", members, draws) - majority)).toBeLessThan(0.015);
  expect(Math.abs(simulatedAccuracy("weighted", members, draws) - weighted)).toBeLessThan(0.015);
});

test("copies say the same, and all options are right as often", () => {
  const random = randomFrom(3);
  const members = ["x", "x", "y"].map((family) => ({ accuracy: 0.5, family }));
  const asked = Array.from({ length: 4_000 }, () => ask(members, 4, random));
  expect(asked.every(({ answers }) => answers[0] === answers[1])).toBe(true);
  expect(asked.some(({ answers }) => answers[0] !== answers[2])).toBe(true);
  for (const option of "ABCD") {
    const part = asked.filter(({ right }) => right === option).length / asked.length;
    expect(Math.abs(part - 0.25)).toBeLessThan(0.04);
  }
});
