import { endOfString, itemTexts, memberTexts } from "../text/json-text.js";
import type { Json } from "./json.js";

/** Deeper values are refused: comparing them would take the stack. */
const MAX_DEPTH = 64;

/** Values with more parts are refused: agreeing on them would take too long. */
const MAX_VALUES = 10_000;

/** Longer texts are refused. In UTF-16 units. */
const MAX_CHARS = 1_000_000;

/**
 * Reads a text that is one JSON value and nothing else. Null for anything else, and for a value that nests more than 64
 * deep, has more than 10,000 parts or more than 1,000,000 characters.
 */
export function readJson(text: string): Json | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CHARS || !isJson(trimmed)) return null;
  const { depth, values } = sizeOf(trimmed);
  return depth > MAX_DEPTH || values > MAX_VALUES ? null : valueOf(trimmed);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @param text known to be JSON, without white space around it. */
function valueOf(text: string): Json {
  switch (text[0]) {
    case "{": {
      const members = Array.from(memberTexts(text), ([name, value]) => [name, valueOf(value)] as const);
      return { type: "object", members: new Map(members) };
    }
    case "[":
      return { type: "array", items: itemTexts(text).map(valueOf) };
    case '"':
      return { type: "string", value: JSON.parse(text) as string };
    case "t":
    case "f":
      return { type: "boolean", value: text === "true" };
    case "n":
      return { type: "null" };
    default:
      return { type: "number", text };
  }
}

/** How deep brackets nest and how many values there are at most, those inside strings not counted. */
function sizeOf(text: string): { readonly depth: number; readonly values: number } {
  const marks = /["{}[\],]/g;
  let depth = 0;
  let deepest = 0;
  let values = 1;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    const [sign] = mark;
    if (sign === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (sign === "{" || sign === "[") deepest = Math.max(deepest, ++depth);
    else if (sign !== ",") depth--;
    if (sign !== "}" && sign !== "]" && sign !== '"') values++;
  }
  return { depth: deepest, values };
}
