import type { Json } from "../json/json.js";
import { readJson, type ReadLimits } from "../json/read-json.js";
import { lastFence } from "./fences.js";

/** The JSON value that a text is, or that stands in its last code fence or between its brackets. Null without one. */
export function jsonIn(text: string, limits?: ReadLimits): Json | null {
  const read = (candidate: string | null): Json | null =>
    candidate === null ? null : readJson(candidate, limits);
  return read(text) ?? read(lastFence(text)) ?? read(bracketed(text));
}

/** From the first bracket of a text to the last one of its kind. */
function bracketed(text: string): string | null {
  const start = text.search(/[{[]/);
  if (start < 0) return null;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return end < start ? null : text.slice(start, end + 1);
}
