import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf, priceFromUsdPerMillion, priceFromUsdPerToken, usdNanos } from "./price.js";

describe("prices", () => {
  it.each([
    ["0.00000015", 150_000_000n],
    ["0.0000006", 600_000_000n],
    ["0", 0n],
    ["1.5e-7", 150_000_000n],
    ["0.000000000000001", 1n],
    ["0.0000000000000004", 0n],
    ["0.0000000000000005", 1n],
    [".000001", 1_000_000_000n],
    [0.00000015, 150_000_000n],
  ])("per token: %s", (text, nanos) => {
    expect(priceFromUsdPerToken(text, "0")).toEqual({ input: nanos, output: 0n });
  });

  it.each([
    "-1",
    "",
    ".",
    "abc",
    "1e99",
    "0x10",
    "NaN",
    "Infinity",
    null,
    undefined,
    {},
    "9".repeat(65),
    "99999999999",
  ])("that are none: %j", (text) => {
    expect(priceFromUsdPerToken(text, "0")).toBeNull();
    expect(priceFromUsdPerToken("0", text)).toBeNull();
  });

  it("have no floating error, whatever the digits", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (nanos) => {
        const digits = nanos.toString().padStart(16, "0");
        const text = `${digits.slice(0, -15)}.${digits.slice(-15)}`;
        expect(priceFromUsdPerToken(text, text)).toEqual({ input: nanos, output: nanos });
      }),
      { seed: 1 },
    );
  });

  it("count tokens to the nearest billionth", () => {
    const price = priceFromUsdPerMillion("0.59", "0.79") ?? { input: 0n, output: 0n };
    expect(costOf(price, { input: 218, output: 15, cachedInput: 0, reasoning: 0 })).toBe(140_470);
    expect(
      costOf({ input: 1n, output: 0n }, { input: 499_999, output: 0, cachedInput: 0, reasoning: 0 }),
    ).toBe(0);
    expect(
      costOf({ input: 1n, output: 0n }, { input: 500_000, output: 0, cachedInput: 0, reasoning: 0 }),
    ).toBe(1);
  });
});

describe("amounts of US dollars", () => {
  it.each<[unknown, bigint | null]>([
    [0.0000021, 2_100n],
    ["25.123456789", 25_123_456_789n],
    [0.0000000005, 1n],
    [0, 0n],
    [-1, null],
    ["", null],
    [Number.NaN, null],
    [1e308, null],
    [null, null],
  ])("%j in billionths", (amount, nanos) => {
    expect(usdNanos(amount)).toBe(nanos);
  });
});
