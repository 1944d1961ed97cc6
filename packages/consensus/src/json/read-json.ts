import { endOfString } from "../text/json-text.js";
import type { Json } from "./json.js";

/** Deeper values are refused: comparing them would take the stack. */
const MAX_DEPTH = 64;

/** How large a value may be that is read. */
export interface ReadLimits {
  /** Values: it, and each member and entry in it, to any depth. */
  readonly values: number;
  /** In UTF-16 units, white space around it not counted. */
  readonly chars: number;
}

/** More would take too long to agree on. */
export const LARGEST: ReadLimits = { values: 10_000, chars: 1_000_000 };

/**
 * Reads a text that is one JSON value and nothing else. Null for anything else, and for a value that nests more than 64
 * deep or is larger than the limits: 10,000 values and 1,000,000 characters unless others are given.
 */
export function readJson(text: string, limits: ReadLimits = LARGEST): Json | null {
  const trimmed = text.trim();
  return trimmed.length > limits.chars || !isJson(trimmed) ? null : parse(trimmed, limits.values);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a text is being read, and how many values it may still have. */
interface Cursor {
  readonly text: string;
  at: number;
  left: number;
}

/** Reads a text that is known to be JSON, each character once. Null when it has too many values or is too deep. */
function parse(text: string, values: number): Json | null {
  return readValue({ text, at: 0, left: values }, MAX_DEPTH);
}

function readValue(cursor: Cursor, depth: number): Json | null {
  if (--cursor.left < 0) return null;
  switch (nextMark(cursor)) {
    case "{":
      return depth === 0 ? null : readObject(cursor, depth - 1);
    case "[":
      return depth === 0 ? null : readList(cursor, depth - 1);
    case '"':
      return { type: "string", value: readString(cursor) };
    default:
      return scalar(readWord(cursor));
  }
}

function readObject(cursor: Cursor, depth: number): Json | null {
  const members = new Map<string, Json>();
  for (cursor.at++; nextMark(cursor) !== "}"; skipComma(cursor)) {
    const name = readString(cursor);
    nextMark(cursor);
    cursor.at++;
    const value = readValue(cursor, depth);
    if (value === null) return null;
    members.set(name, value);
  }
  cursor.at++;
  return { type: "object", members };
}

function readList(cursor: Cursor, depth: number): Json | null {
  const items: Json[] = [];
  for (cursor.at++; nextMark(cursor) !== "]"; skipComma(cursor)) {
    const value = readValue(cursor, depth);
    if (value === null) return null;
    items.push(value);
  }
  cursor.at++;
  return { type: "array", items };
}

function readString(cursor: Cursor): string {
  const start = cursor.at;
  cursor.at = endOfString(cursor.text, start);
  const inner = cursor.text.slice(start + 1, cursor.at - 1);
  return inner.includes("\\") ? (JSON.parse(`"${inner}"`) as string) : inner;
}

/** A number, `true`, `false` or `null`. */
function readWord(cursor: Cursor): string {
  const start = cursor.at;
  for (let sign = cursor.text[start]; sign !== undefined && !isEnd(sign); sign = cursor.text[cursor.at]) {
    cursor.at++;
  }
  return cursor.text.slice(start, cursor.at);
}

function isEnd(sign: string): boolean {
  return sign === "," || sign === "]" || sign === "}" || isSpace(sign);
}

function scalar(text: string): Json {
  if (text === "null") return { type: "null" };
  return text === "true" || text === "false"
    ? { type: "boolean", value: text === "true" }
    : { type: "number", text };
}

/** What stands next, white space skipped. */
function nextMark(cursor: Cursor): string | undefined {
  while (isSpace(cursor.text[cursor.at])) cursor.at++;
  return cursor.text[cursor.at];
}

function skipComma(cursor: Cursor): void {
  if (nextMark(cursor) === ",") cursor.at++;
}

function isSpace(sign: string | undefined): boolean {
  return sign === " " || sign === "\n" || sign === "\r" || sign === "\t";
}
