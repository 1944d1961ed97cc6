import { expect, test } from "vitest";
import { alike } from "../panel.js";
import { exactSaving } from "./saving.js";

test("the lossless stop saves 15 to 31 % of the calls of 5 to 9 members at 0.6 to 0.8", () => {
  const shares = [5, 7, 9].flatMap((n) => [0.6, 0.7, 0.8].map((p) => exactSaving("plurality", alike(n, p))));
  for (const share of shares) {
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.311);
  }
});

test("a single member is always asked", () => {
  expect(exactSaving("plurality", alike(1, 0.7))).toBe(0);
});
