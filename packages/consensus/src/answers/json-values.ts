import type { Json } from "../json/json.js";
import { readJson } from "../json/read-json.js";
import { jsonKey } from "../json/write-json.js";
import { lastFence } from "./fences.js";

/** The JSON value that a text is, or that stands in its last code fence or between its brackets. Null without one. */
export function jsonIn(text: string): Json | null {
  for (const candidate of [text, lastFence(text), bracketed(text)]) {
    const value = candidate === null ? null : readJson(candidate);
    if (value !== null) return value;
  }
  return null;
}

/** The JSON value of a text, as `jsonIn` finds it, written in one way. Null without one. */
export function canonicalJson(text: string): string | null {
  const value = jsonIn(text);
  return value === null ? null : jsonKey(value);
}

/** From the first bracket of a text to the last one of its kind. */
function bracketed(text: string): string | null {
  const start = text.search(/[{[]/);
  if (start < 0) return null;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return end < start ? null : text.slice(start, end + 1);
}
