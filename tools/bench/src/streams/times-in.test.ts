import { expect, it } from "vitest";
import { timesIn } from "./times-in.js";

it.each([
  ["", "ab", 0],
  ["ab", "ab", 1],
  ["xababyab", "ab", 3],
  ["aaa", "aa", 1],
])("finds in %j the text %j %d times", (text, sought, times) => {
  expect(timesIn(text, sought)).toBe(times);
});
