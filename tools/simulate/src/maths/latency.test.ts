import { expect, test } from "vitest";
import { randomFrom } from "../random.js";
import { quantile } from "../stats.js";
import { latency, slow, slowestOf } from "./latency.js";

test("the slowest of n is as slow as its distribution says", () => {
  const random = randomFrom(5);
  for (const n of [1, 5]) {
    const slowest = Array.from({ length: 20_000 }, () =>
      Math.max(...Array.from({ length: n }, () => latency(slow, random))),
    );
    for (const share of [0.5, 0.95]) {
      expect(quantile(slowest, share) / slowestOf(n, share, slow)).toBeCloseTo(1, 1);
    }
  }
  expect(slowestOf(1, 0.5, slow)).toBeCloseTo(slow.medianMs, 6);
  expect(slowestOf(5, 0.95, slow) / 1_000).toBeCloseTo(38.3, 1);
});
