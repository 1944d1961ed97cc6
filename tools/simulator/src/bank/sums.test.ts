import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSum } from "./sums.js";

describe("readSum", () => {
  test.each([
    ["What is 17 + 25?", "42"],
    ["what is 17 plus 25", "42"],
    ["What's 17 - 25?", "-8"],
    ["What is 17 minus -25?", "42"],
    ["What is -3 − 4?", "-7"],
    ["What is 6 x 7?", "42"],
    ["What is 6 × 7 ?", "42"],
    ["What is 6 times 7.", "42"],
    ["What is 6 multiplied by 7?", "42"],
    ["What is 6*7?", "42"],
    ["What is 84 ÷ 2?", "42"],
    ["What is 84 divided by 2?", "42"],
    ["What is 7 / 2?", "3.5"],
    ["What is 10 / 3?", "3.3333"],
    ["What is -10 / 3?", "-3.3333"],
    ["What is 2 / 3?", "0.6667"],
    ["What is 1 / 100000?", "0"],
    ["What is 5 / 0?", "undefined"],
    ["What is 1,000 + 2,500?", "3500"],
    ["Please be brief. What is 2 + 2? Answer with a number alone.", "4"],
    ["What is 99999999999999999999 + 1?", "100000000000000000000"],
  ])("%s", (text, answer) => {
    expect(readSum(text)?.answer).toBe(answer);
  });

  test.each([
    "What is 2 + 2 * 3?",
    "What is 2 + 2 in binary?",
    "What is 2.5 + 1?",
    "What is 2 + 1.5?",
    "What is 12?",
    "What is love?",
    "2 + 2",
    `What is ${"9".repeat(80)} * 2?`,
  ])("leaves alone: %s", (text) => {
    expect(readSum(text)).toBeUndefined();
  });

  test("agrees with the arithmetic of JavaScript, and errs plausibly", () => {
    const number = fc.integer({ min: -1_000_000, max: 1_000_000 });
    fc.assert(
      fc.property(number, number, fc.constantFrom("+", "-", "*"), (a, b, operation) => {
        const sum = readSum(`What is ${a} ${operation} ${b}?`);
        const expected = operation === "+" ? a + b : operation === "-" ? a - b : a * b;
        expect(Number(sum?.answer)).toBe(expected + 0); // -0 is 0
        expect(sum?.wrong).not.toContain(sum?.answer);
      }),
    );
  });
});
