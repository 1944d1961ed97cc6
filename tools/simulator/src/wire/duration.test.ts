import { expect, test } from "vitest";
import { goDuration } from "./duration.js";

test.each([
  [547, "547ms"],
  [0, "0ms"],
  [1_327.5, "1.3275s"],
  [172_800, "2m52.8s"],
  [360_000, "6m0s"],
  [3_600_000, "1h0m0s"],
  [399_168, "6m39.168s"],
])("%d ms is %s", (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});
