import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { Matches } from "./patterns.js";
import type { Count } from "./work.js";

/** As many comparisons take about as long as applying a schema that says nothing. */
const COMPARISONS_PER_EVALUATION = 100;

/** The same for comparisons of two entries of a list. */
const ENTRIES_PER_EVALUATION = 5;

/** The value that a schema is checked with, and the work that this may still take. */
export interface AtHand {
  /** Counts work, 1 for applying a schema that says nothing. */
  readonly count: Count;
  /** Whether one of the options is meant, each compared in turn. Counted. */
  readonly someOf: (options: readonly unknown[], isMeant: (option: unknown) => boolean) => boolean;
  /** Whether the text that is meant, one of those in the value, matches a pattern. Counted. */
  readonly isMatched: (pattern: string, isMeant: (text: unknown) => boolean) => boolean;
  /** The names in the value that match a pattern. Counted. */
  readonly namesLike: (pattern: string) => readonly string[];
  /** Whether some list holds the same entry twice, so that it must be found by comparing all with all. Counted. */
  readonly repeats: () => boolean;
}

/** @param matches Tries a pattern of the schema on a text. */
export function atHand(json: Json, count: Count, matches: Matches): AtHand {
  const words = once(() => wordsIn(json));
  const longest = once(() => longestRepeating(json));
  // Texts are asked for in about the order in which they stand, so the search goes on where it ended.
  let last = 0;
  const meantText = (isMeant: (text: unknown) => boolean): string => {
    const { texts } = words();
    for (let tried = 0; tried < texts.length; tried++) {
      const text = texts[(last + tried) % texts.length];
      if (text === undefined || !isMeant(text)) continue;
      last += tried;
      count(tried / COMPARISONS_PER_EVALUATION);
      return text;
    }
    throw new Error("a text that the value does not hold was looked for in it");
  };
  return {
    count,
    someOf(options, isMeant) {
      const at = options.findIndex(isMeant);
      count((at < 0 ? options.length : at) / COMPARISONS_PER_EVALUATION);
      return at >= 0;
    },
    isMatched: (pattern, isMeant) => matches(pattern, meantText(isMeant), count),
    namesLike: (pattern) => words().names.filter((name) => matches(pattern, name, count)),
    repeats() {
      count(longest() ** 2 / ENTRIES_PER_EVALUATION);
      return longest() > 0;
    },
  };
}

function once<T extends object | number>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** The different texts and names of members in a value. */
function wordsIn(json: Json): { readonly texts: readonly string[]; readonly names: readonly string[] } {
  const texts = new Set<string>();
  const names = new Set<string>();
  walk(json, (value) => {
    if (value.type === "string") texts.add(value.value);
    // A name is a text where `propertyNames` looks at it.
    if (value.type === "object") for (const name of value.members.keys()) names.add(name);
  });
  return { texts: [...new Set([...texts, ...names])], names: [...names] };
}

/** The entries of the longest list in which one stands twice; 0 without such a list. */
function longestRepeating(json: Json): number {
  let longest = 0;
  walk(json, (value) => {
    if (value.type !== "array" || value.items.length <= longest) return;
    if (new Set(value.items.map(jsonKey)).size < value.items.length) longest = value.items.length;
  });
  return longest;
}

function walk(json: Json, visit: (value: Json) => void): void {
  visit(json);
  if (json.type === "array") for (const item of json.items) walk(item, visit);
  if (json.type === "object") for (const value of json.members.values()) walk(value, visit);
}
