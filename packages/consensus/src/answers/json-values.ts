import { lastFence } from "./fences.js";

/** Deeper values are refused: comparing them would take the stack. */
const MAX_DEPTH = 64;

/** The JSON value that a text is, or that stands in its last code fence, written in one way. Null without one. */
export function canonicalJson(text: string): string | null {
  for (const candidate of [text, lastFence(text), bracketed(text)]) {
    if (candidate === null) continue;
    const value = parse(candidate);
    if (value !== undefined) return write(value);
  }
  return null;
}

function parse(text: string): unknown {
  if (nesting(text) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** From the first bracket of a text to the last one of its kind. */
function bracketed(text: string): string | null {
  const start = text.search(/[{[]/);
  if (start < 0) return null;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return end < start ? null : text.slice(start, end + 1);
}

/** How deep brackets nest, those inside strings not counted. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "{" || c === "[") deepest = Math.max(deepest, ++depth);
    else if (c === "}" || c === "]") depth--;
  }
  return deepest;
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${write(field)}`).join(",")}}`;
  }
  return JSON.stringify(Object.is(value, -0) ? 0 : value);
}
