import { RE2JS } from "re2js";
import type { Json } from "../json/json.js";
import { isObject, type SchemaObject } from "./schema.js";

/** The most characters that all patterns of a schema together are tried on. */
const MAX_TRIED = 2_000_000;

/** A pattern that cannot be tried: why, in words that follow its name. */
export class UntriedPattern extends Error {}

/** Says which texts a pattern of a schema matches, anywhere in them. */
export type Matches = (pattern: string) => readonly string[];

/**
 * Tries patterns on all texts and names of a value, in a time that grows with their length alone: a backtracking engine
 * could take for ever on a caller's pattern.
 *
 * @throws UntriedPattern for a pattern with what no linear engine has (lookahead, back references), and when there is too
 * much to try.
 */
export function matchesIn(json: Json): Matches {
  const texts = [...new Set(textsOf(json))];
  const chars = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const known = new Map<string, readonly string[]>();
  let tried = 0;
  return (pattern) => {
    const before = known.get(pattern);
    if (before !== undefined) return before;
    tried += chars;
    if (tried > MAX_TRIED) throw new UntriedPattern("there is too much text to try its patterns on");
    const compiled = compile(pattern);
    const matched = texts.filter((text) => compiled.test(text));
    known.set(pattern, matched);
    return matched;
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
    throw new UntriedPattern(`its pattern ${JSON.stringify(shown)} cannot be tried`);
  }
}

function textsOf(json: Json): readonly string[] {
  switch (json.type) {
    case "string":
      return [json.value];
    case "array":
      return json.items.flatMap(textsOf);
    case "object":
      return [...json.members].flatMap(([name, value]) => [name, ...textsOf(value)]);
    case "number":
    case "boolean":
    case "null":
      return [];
    default:
      return json satisfies never;
  }
}

/**
 * A schema object that says without patterns what the given one says of one value: the texts and names that match stand
 * in place of `pattern` and `patternProperties`.
 *
 * @throws UntriedPattern as `matches` does.
 */
export function withoutPatterns(node: SchemaObject, matches: Matches): SchemaObject {
  const { pattern, patternProperties, ...rest } = node;
  let spelled: SchemaObject = rest;
  if (typeof pattern === "string") {
    const isMatched = { anyOf: [{ not: { type: "string" } }, { enum: matches(pattern) }] };
    const others = Array.isArray(rest["allOf"]) ? rest["allOf"] : [];
    spelled = { ...spelled, allOf: [...others, isMatched] };
  }
  if (isObject(patternProperties)) {
    spelled = { ...spelled, properties: namedProperties(rest["properties"], patternProperties, matches) };
  }
  return spelled;
}

function namedProperties(
  properties: unknown,
  patternProperties: SchemaObject,
  matches: Matches,
): SchemaObject {
  const named = new Map(isObject(properties) ? Object.entries(properties) : []);
  for (const [pattern, schema] of Object.entries(patternProperties)) {
    for (const name of matches(pattern)) {
      const own = named.get(name);
      named.set(name, own === undefined ? schema : { allOf: [own, schema] });
    }
  }
  return Object.fromEntries(named);
}
