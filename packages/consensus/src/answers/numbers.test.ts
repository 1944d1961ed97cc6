import { fc } from "../testing/seeded.js";
import { describe, expect, test } from "vitest";
import { canonicalDecimal, canonicalFraction } from "./decimal.js";
import { wordsToDigits } from "./number-words.js";
import { findNumbers, plainNumbers } from "./numbers.js";

const keys = (text: string): readonly string[] => findNumbers(plainNumbers(text)).map((number) => number.key);

test.each([
  ["1,000", ["1000"]],
  ["1000.0", ["1000"]],
  ["one thousand", ["1000"]],
  ["1e3", ["1000"]],
  ["1.5e-3", ["0.0015"]],
  ["1\u00a0000", ["1000"]],
  ["1\u202f000\u202f000", ["1000000"]],
  ["1'000'000", ["1000000"]],
  ["3 hundred", ["300"]],
  ["1_000_000", ["1000000"]],
  ["1.234.567,89", ["1234567.89"]],
  ["1.234,5", ["1234.5"]],
  ["3,5", ["3.5"]],
  ["1, 2, 3", ["1", "2", "3"]],
  ["1,2,3", ["1", "2", "3"]],
  ["(3,5)", ["3", "5"]],
  ["-5", ["-5"]],
  ["−5", ["-5"]],
  ["+5", ["5"]],
  ["-0", ["0"]],
  ["-0.0", ["0"]],
  ["007", ["7"]],
  [".5", ["0.5"]],
  ["10-20", ["10", "20"]],
  ["7 - 5 = 2", ["7", "5", "2"]],
  ["$1,234.50", ["1234.5"]],
  ["-$5", ["-5"]],
  ["€99", ["99"]],
  ["42%", ["42"]],
  ["½", ["0.5"]],
  ["2½ cups", ["2.5"]],
  ["2 1/2 cups", ["2.5"]],
  ["2/6", ["1/3"]],
  ["-1/4", ["-0.25"]],
  ["1/0", []],
  ["3 x 10^8", ["300000000"]],
  ["6.02 × 10²³", ["602000000000000000000000"]],
  ["2^10", ["1024"]],
  ["3 million", ["3000000"]],
  ["2.5 billion", ["2500000000"]],
  ["٤٢", ["42"]],
  ["४२", ["42"]],
  ["42", ["42"]],
  ["2024-03-15", ["2024-03-15"]],
  ["9:05", ["09:05"]],
  ["v1.2.3", []],
  ["1.2.3", []],
  ["H2O, CO2, x1", []],
  ["9 km^2", ["9"]],
  ["9".repeat(500), []],
  ["1e9999", []],
] as const)("%s", (text, expected) => {
  expect(keys(text)).toEqual(expected);
});

test.each([
  ["zero", "0"],
  ["forty-two", "42"],
  ["Twenty One", "21"],
  ["one hundred and five", "105"],
  ["a hundred", "100"],
  ["two thousand and twenty-four", "2024"],
  ["three million two hundred thousand", "3200000"],
  ["minus seven", "-7"],
  ["two point five", "2.5"],
  ["minus zero point one two", "-0.12"],
  ["one two three", "one two three"],
  ["someone often weighs tenfold", "someone often weighs tenfold"],
] as const)("%s", (words, digits) => {
  expect(wordsToDigits(words)).toBe(digits);
});

describe("whole numbers of any size", () => {
  const numbers = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const grouped = (text: string): string => text.replace(/(?<=\d)(?=(?:\d{3})+$)/g, ",");

  test("every way of writing one has the same key", () => {
    fc.assert(
      fc.property(numbers, (n) => {
        const text = String(n);
        for (const written of [text, grouped(text), `${text}.0`, `${text}e0`, `${text}.000`, `${text} km`]) {
          expect(keys(written)).toEqual([text]);
        }
      }),
    );
  });

  test("different ones have different keys", () => {
    fc.assert(
      fc.property(numbers, (n) => {
        expect(keys(`${n + 1n}`)).not.toEqual(keys(`${n}`));
      }),
    );
  });

  test("a key is its own key", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        for (const key of keys(String(n))) expect(keys(key)).toEqual([key]);
      }),
    );
  });

  test("a fraction that ends is its decimal", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.nat(6), (n, places) => {
        const digits = String(n).padStart(places + 1, "0");
        const whole = digits.slice(0, digits.length - places);
        const decimal = { negative: false, whole, fraction: digits.slice(whole.length), exponent: 0 };
        expect(canonicalFraction(false, n, 10n ** BigInt(places))).toBe(canonicalDecimal(decimal));
      }),
    );
  });
});
