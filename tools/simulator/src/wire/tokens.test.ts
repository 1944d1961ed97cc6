import fc from "fast-check";
import { expect, test } from "vitest";
import { splitTokens } from "./tokens.js";

test("tokens joined are the text, and none splits a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (text) => {
      const tokens = splitTokens(text);
      expect(tokens.join("")).toBe(text);
      expect(tokens.every((token) => !/\p{Surrogate}/u.test(token))).toBe(true);
    }),
  );
  expect(splitTokens("Answer: 42\n")).toEqual(["Answer", ":", " 42", "\n"]);
});
