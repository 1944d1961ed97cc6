import { AppliedSchema, type Now } from "./applied-schema.js";
import type { AtHand } from "./at-hand.js";
import { DATA, MAPS } from "./keywords.js";
import { isObject, keyword, listOf, type SchemaObject } from "./schema.js";
import { sumOf } from "../voting/tally.js";

/** Keywords whose whole text may be read each time that a schema is applied. */
const READ_WHOLE: readonly string[] = ["type", "required", "const", "dependentRequired"];

/** As much of a schema's own text takes about as long as applying one that says nothing. */
const PER_EVALUATION = { chars: 100, names: 4 } as const;

/** What an alternative takes beside being applied, in schemas that say nothing: each that fails leaves its errors behind. */
const ALTERNATIVE = 3;

/** Formats that are checked, each in linear time. Any other is an annotation. */
const FORMATS: ReadonlySet<unknown> = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uuid",
]);

/**
 * A copy of a schema, or of a part of it, in which nothing takes for ever: patterns and options ask the value at hand, only
 * known formats are left, and whoever applies a subschema counts what it costs.
 */
export function countedCopy(node: unknown, now: Now): unknown {
  if (Array.isArray(node)) return node.map((item) => countedCopy(item, now));
  if (!isObject(node)) return node;
  const { pattern, type, ...rest } = node;
  const copy = new AppliedSchema(type, costOf(node), now);
  for (const [name, value] of Object.entries(rest)) {
    if (name === "format" && !FORMATS.has(value)) continue;
    // Not by assignment: `__proto__` is a name like any other.
    const own = {
      value: copyKeyword(name, value, now),
      writable: true,
      enumerable: true,
      configurable: true,
    };
    Object.defineProperty(copy, name, own);
  }
  if (node["uniqueItems"] === true) ask(copy, "uniqueItems", now, (at) => at.repeats());
  if (typeof pattern === "string") {
    const isMatched = textsLike(pattern, now);
    ask(copy, "allOf", now, (_, others) => [...listOf(others), isMatched]);
  }
  const { patternProperties } = copy;
  if (isObject(patternProperties)) {
    ask(copy, "properties", now, (at, own) => namedProperties(own, patternProperties, at));
    ask(copy, "patternProperties", now, () => undefined);
  }
  return copy;
}

/** Makes a keyword depend on the value at hand. While references are resolved it is what it was. */
function ask(
  copy: AppliedSchema,
  name: "allOf" | "patternProperties" | "properties" | "uniqueItems",
  now: Now,
  value: (at: AtHand, own: unknown) => unknown,
): void {
  const own = copy[name];
  Object.defineProperty(copy, name, {
    get() {
      const at = now();
      return at === null ? own : value(at, own);
    },
  });
}

function copyKeyword(name: string, value: unknown, now: Now): unknown {
  if (name === "enum" && Array.isArray(value)) return options((is) => now()?.someOf(value, is) === true);
  if (DATA.has(name)) return value;
  if (!MAPS.has(name) || !isObject(value)) return countedCopy(value, now);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, countedCopy(inner, now)]));
}

/**
 * What the validator asks of the list that stands in `enum`; it is not copied into the words of an error.
 *
 * @param some Whether one of the options is meant.
 */
function options(some: (isMeant: (option: unknown) => boolean) => boolean): unknown {
  return { some, toJSON: () => [] };
}

/** The schema of whatever is no text, and of texts that match a pattern. */
function textsLike(pattern: string, now: Now): unknown {
  const matched = options((is) => now()?.isMatched(pattern, is) === true);
  return { if: { not: { type: "string" } }, else: { enum: matched } };
}

/** The schemas of the members that the value has, by their names in place of patterns. */
function namedProperties(properties: unknown, byPattern: SchemaObject, at: AtHand): SchemaObject {
  const named = new Map(isObject(properties) ? Object.entries(properties) : []);
  for (const [pattern, schema] of Object.entries(byPattern)) {
    for (const name of at.namesLike(pattern)) {
      const own = named.get(name);
      named.set(name, own === undefined ? schema : { allOf: [own, schema] });
    }
  }
  return Object.fromEntries(named);
}

/** What applying a schema takes by itself, in schemas that say nothing. */
function costOf(node: SchemaObject): number {
  const names = [...MAPS].flatMap((name) => Object.keys(keyword(node, name) ?? {}));
  const chars = READ_WHOLE.map((name) => JSON.stringify(keyword(node, name) ?? null).length);
  const alternatives = [...listOf(keyword(node, "anyOf")), ...listOf(keyword(node, "oneOf"))].length;
  return (
    1 + ALTERNATIVE * alternatives + names.length / PER_EVALUATION.names + sumOf(chars) / PER_EVALUATION.chars
  );
}
