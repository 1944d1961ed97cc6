import { anyText, fc } from "../testing/seeded.js";
import { expect, test } from "vitest";
import { normaliseText } from "./plain-text.js";

test.each([
  ["The Quick, brown FOX!", "quick brown fox"],
  ["**Café** – über", "cafe uber"],
  ["one thousand and 1,000 and 1000.0", "1000 and 1000 and 1000"],
  ["don't", "do not"],
  ["Won't can’t cannot isn't", "will not can not can not is not"],
  ["J. K. Rowling of the U.S.A.", "jk rowling of usa"],
  ["Straße, Łódź, smørrebrød", "strasse lodz smorrebrod"],
  ["vitamin A", "vitamin a"],
  ["a vitamin", "vitamin"],
  ["The The", "the the"],
  ["?!", "?!"],
  ["👍", "👍"],
  ["नमस्ते", "नमस्ते"],
])("%j is %j", (text, normalised) => {
  expect(normaliseText(text)).toBe(normalised);
});

test("is idempotent", () => {
  const words = fc.constantFrom(
    "one",
    "the",
    "-3",
    "x",
    "1,000",
    "2 1/2",
    "İ",
    "é",
    "²",
    "(",
    "isn't",
    "10-5",
    "½",
    "١",
    "half",
    "a",
    "dozen",
    "and",
    "three",
    "quarters",
    "minus",
    "–5",
    "21st",
    "J.",
    "can't",
    "n't",
    "pm",
    "March",
    "15,",
    "2024",
    "3/4/2024",
    "ß",
    "\\frac{1}{2}",
    "10^{3}",
    "π",
    "3k",
    "$",
    "1 000",
    "'000",
    "第",
  );
  const texts = fc.oneof(
    anyText,
    fc.array(words).map((w) => w.join(" ")),
    fc.array(words).map((w) => w.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const once = normaliseText(text);
      expect(normaliseText(once)).toBe(once);
    }),
    { numRuns: 600 },
  );
});
