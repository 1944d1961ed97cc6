import { describe, expect, it } from "vitest";
import { backoffMs, fullJitterMs } from "./backoff.js";

const [least, half, most] = [() => 0, () => 0.5, () => 1];

describe("the wait before a repeat", () => {
  it("is anything up to a bound that doubles, and ends at 8 s", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((repeat) => fullJitterMs(repeat, most))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ]);
    expect(fullJitterMs(3, least)).toBe(0);
    expect(fullJitterMs(3, half)).toBe(2_000);
    expect(fullJitterMs(5_000, most)).toBe(8_000);
    expect(backoffMs(undefined, 3, half)).toBe(2_000);
  });

  it("is never below what the upstream asks for (F1)", () => {
    expect(backoffMs(2_000, 0, least)).toBe(2_000);
    expect(backoffMs(2_000, 0, most)).toBe(2_200);
    expect(backoffMs(60_000, 0, least)).toBe(60_000);
    expect(backoffMs(60_000, 0, half)).toBe(60_500);
    expect(backoffMs(60_000, 0, most)).toBe(61_000);
  });

  it("keeps its jitter where the upstream asks for next to nothing", () => {
    expect(backoffMs(5, 0, half)).toBe(250);
    expect(backoffMs(5, 1, half)).toBe(500);
    expect(backoffMs(0, 1, most)).toBe(1_000);
  });
});
