import { expect, test } from "vitest";
import { usdToNanos } from "./usd.js";

test.each([
  [0.1, 100_000_000],
  [0.3, 300_000_000],
  [0.29, 290_000_000],
  [1.005, 1_005_000_000],
  [4.35, 4_350_000_000],
  [1e-9, 1],
  [1.5e-9, 1],
  [0.000_000_123, 123],
  [1_000_000, 1e15],
  [123_456.789_012_345, 123_456_789_012_345],
])("%d US dollars", (usd, nanos) => {
  expect(usdToNanos(usd)).toBe(nanos);
});

test("every cent is exact", () => {
  const cents = Array.from({ length: 100_000 }, (_, index) => index);
  expect(cents.filter((cent) => usdToNanos(cent / 100) !== cent * 10_000_000)).toEqual([]);
});
