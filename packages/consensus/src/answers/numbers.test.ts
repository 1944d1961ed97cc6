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
  ["0x2A", ["42"]],
  ["-0x2a", ["-42"]],
  ["GPT-4, F-16 and COVID-19", []],
  ["_42_ and __43__", ["42", "43"]],
  ["21st, 2nd and 3ʳᵈ", ["21", "2", "3"]],
  ["minus 42", ["-42"]],
  ["Negative $5", ["-5"]],
  ["–42", ["-42"]],
  ["10–20", ["10", "20"]],
  ["5 minus 3", ["5", "3"]],
  ["x minus 3", ["3"]],
  ["x = - 42", ["-42"]],
  ["- 42", ["42"]],
  ["3π", []],
  ["π/2", []],
  ["2√3", []],
  ["10^-3", ["0.001"]],
  ["3^-1", ["1/3"]],
  ["1/2 million", ["500000"]],
  ["1.5-million", ["1500000"]],
  ["9:05:07", ["09:05:07"]],
  ["99^999", []],
  [`${"9".repeat(50)}/3`, []],
] as const)("%s", (text, expected) => {
  expect(keys(text)).toEqual(expected);
});

describe("where languages write numbers differently", () => {
  test.each([
    // A comma before exactly three digits groups thousands; else it is decimal, and after a single 0.
    ["1,000", ["1000"]],
    ["1,234,567.5", ["1234567.5"]],
    ["1,23,456", ["123456"]],
    ["12,34,56,789", ["123456789"]],
    ["3,5", ["3.5"]],
    ["3,1416", ["3.1416"]],
    ["0,125", ["0.125"]],
    ["-0,125", ["-0.125"]],
    // A point is decimal, unless it groups thousands twice, or before a decimal comma.
    ["1.000", ["1"]],
    ["1.000,5", ["1000.5"]],
    ["1.000,50 €", ["1000.5"]],
    ["1.234,5678", ["1234.5678"]],
    ["1.234.567", ["1234567"]],
    ["1.234.567,891", ["1234567.891"]],
    // Spaces of every kind and apostrophes group thousands, whichever way the decimals are written.
    ["1 000", ["1000"]],
    ["12 345 678", ["12345678"]],
    ["1 000,5", ["1000.5"]],
    ["1 000.5", ["1000.5"]],
    ["-1 000", ["-1000"]],
    ["1\u00a0000,5", ["1000.5"]],
    ["1'000.5", ["1000.5"]],
    ["1’000’000", ["1000000"]],
    ["1\\,000", ["1000"]],
    ["1{,}000", ["1000"]],
    // What looks like a list is one.
    ["10 20 300", ["10", "20", "300"]],
    ["2024 100", ["2024", "100"]],
    ["1 000 5", ["1", "0", "5"]],
    ["0 500", ["0", "500"]],
    ["1,2,3", ["1", "2", "3"]],
    ["[0,125]", ["0", "125"]],
    ["{3,5}", ["3", "5"]],
  ] as const)("%s", (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  test.each(["٤٢", "۴۲", "४२", "৪২", "௪௨", "๔๒", "໔໒", "၄၂", "៤២", "42", "𝟒𝟐", "答えは42です", "第42章"])(
    "digits of every script: %s",
    (text) => {
      expect(keys(text)).toEqual(["42"]);
    },
  );

  test("their separators too", () => {
    expect(keys("١٬٢٣٤٫٥")).toEqual(["1234.5"]);
    expect(keys("१,२३,४५६")).toEqual(["123456"]);
  });
});

test.each([
  ["\\frac{3}{4}", ["0.75"]],
  ["-\\dfrac{10}{4}", ["-2.5"]],
  ["\\frac12", ["0.5"]],
  ["2\\frac{1}{2}", ["2.5"]],
  ["1.5 \\times 10^{3}", ["1500"]],
  ["$6.02 \\cdot 10^{23}$", ["602000000000000000000000"]],
  ["2^{10}", ["1024"]],
  ["42^\\circ", ["42"]],
  ["42\\%", ["42"]],
  ["42\\text{ km}", ["42"]],
  ["\\sqrt{2}", []],
  ["3\\pi", []],
  ["\\frac{\\pi}{2}", []],
] as const)("LaTeX: %s", (text, expected) => {
  expect(keys(text)).toEqual(expected);
});

test.each([
  ["3k", ["3000"]],
  ["$1.5M", ["1500000"]],
  ["€2b", ["2000000000"]],
  ["5 bn", ["5000000000"]],
  ["7mn", ["7000000"]],
  ["1 tn", ["1000000000000"]],
  ["300K", ["300"]],
  ["5M", ["5"]],
  ["5 m", ["5"]],
  ["3km", ["3"]],
] as const)("short for thousands and millions, but no units: %s", (text, expected) => {
  expect(keys(text)).toEqual(expected);
});

describe("dates and times", () => {
  test.each([
    "2024-03-15",
    "March 15, 2024",
    "15 March 2024",
    "15th of March, 2024",
    "Mar. 15 2024",
    "15 mar 2024",
    "15.03.2024",
    "15. 3. 2024",
    "15/03/2024",
    "03/15/2024",
    "2024/3/15",
    "Friday, March 15th, 2024",
  ])("%s", (text) => {
    expect(keys(text)).toEqual(["2024-03-15"]);
  });

  test.each([
    ["September 1, 2024", ["2024-09-01"]],
    ["Sept 1 2024", ["2024-09-01"]],
    ["May 5 2024", ["2024-05-05"]],
    ["04/04/2024", ["2024-04-04"]],
    // Half of the world reads it the other way round.
    ["3/4/2024", ["03/04/2024"]],
    ["03/04/2024", ["03/04/2024"]],
    ["March 2024", ["2024"]],
    ["99 March 2024", ["99", "2024"]],
    ["1.2.3", []],
    ["3:05 pm", ["15:05"]],
    ["3:05 a.m.", ["03:05"]],
    ["12 am", ["00:00"]],
    ["12:30 PM", ["12:30"]],
    ["3 pm", ["15:00"]],
    ["15:05", ["15:05"]],
    ["3 amperes", ["3"]],
  ] as const)("%s", (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });
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
  ["one hundred twenty-three thousand four hundred fifty-six", "123456"],
  ["twelve hundred", "1200"],
  ["nineteen eighty-four", "1984"],
  ["twenty twenty-four", "2024"],
  ["twenty-first", "21"],
  ["one and a half", "3/2"],
  ["two and three quarters", "11/4"],
  ["two and a half million", "5/2 million"],
  ["a half", "1/2"],
  ["half", "1/2"],
  ["half of them", "half of them"],
  ["the first and a half", "the first and a half"],
  ["half a million", "0.5 million"],
  ["half a dozen", "6"],
  ["two dozen", "24"],
  ["a dozen", "12"],
  ["three quarters", "3/4"],
  ["two thirds", "2/3"],
  ["one third", "1/3"],
  ["three halves", "3/2"],
  ["no one", "no one"],
  ["one of them", "one of them"],
  ["the right one", "the right one"],
  ["it is one", "it is 1"],
  ["hundred two million million", "hundred two million million"],
  ["two point twelve", "two point twelve"],
  ["two million thousand million", "two million thousand million"],
  ["two hundred hundred", "two hundred hundred"],
  ["a hundred two three", "a hundred two three"],
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
