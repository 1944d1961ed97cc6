import { expect, test } from "vitest";
import { closestTo } from "./closest.js";

const listed = [
  "google/gemini-2.5-flash",
  "m/llama-3",
  "m/llama-3.1",
  "m/llama-3.3-70b",
  "m/llama-4",
  "m/llama-5",
];

test.each([
  ["google/gemini-2.0-flash", ["google/gemini-2.5-flash"]],
  ["m/llama-3.2", ["m/llama-3.1", "m/llama-3", "m/llama-4"]],
  ["m/llama-3.1-70b", ["m/llama-3.3-70b", "m/llama-3.1", "m/llama-3"]],
  ["whisper", []],
  ["", []],
])("closest to %s", (name, expected) => {
  expect(closestTo(name, listed)).toEqual(expected);
});
