import { expect, test } from "vitest";
import { alike, independent } from "../panel.js";
import { calibration } from "./calibration.js";

const options = { questions: 12_000, count: 2, seed: 1 };

test.each([
  ["equal members, 0.9", alike(9, 0.7), 0.9],
  ["equal members, 0.95", alike(9, 0.7), 0.95],
  ["unlike members, 0.95", independent(0.85, 0.75, 0.7, 0.65, 0.6, 0.8, 0.7), 0.95],
])("what is claimed is how often it is right: %s", (_, members, confidence) => {
  const { claimed, right, early } = calibration(members, { ...options, confidence });
  expect(Math.abs(claimed - right)).toBeLessThan(0.01);
  expect(early).toBeGreaterThan(0.3);
});

test("copies claim too much, unless they are known as copies", () => {
  const families = ["x", "x", "x", "y", "z"];
  const members = families.map((family) => ({ accuracy: 0.7, family }));
  const naive = calibration(members, { ...options, confidence: 1 });
  expect(naive.claimed - naive.right).toBeGreaterThan(0.15);
  const corrected = calibration(members, { ...options, confidence: 1, families });
  expect(Math.abs(corrected.claimed - corrected.right)).toBeLessThan(0.01);
});
