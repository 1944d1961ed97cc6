import type { Json } from "../json/json.js";
import { matchesIn, type Matches, withoutPatterns } from "./patterns.js";
import { isObject } from "./schema.js";

/** Lists with more entries are not searched for equal ones, which takes a time that is quadratic. */
const MAX_UNIQUE = 500;

/** Keywords that hold schemas by name. */
const MAPS: ReadonlySet<string> = new Set([
  "properties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "dependencies",
]);

/** Keywords that hold data. All others may be referred to as schemas, also those that nobody knows. */
const DATA: ReadonlySet<string> = new Set(["enum", "const", "default"]);

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

/** A check that would take too long: why, for a person. */
export class TooMuch extends Error {}

/**
 * A copy of a schema for one value, in which nothing takes for ever: patterns are spelled out, only known formats are
 * left, and whoever applies a subschema counts, since it reads the `type` of each that it applies.
 *
 * @param evaluations How many subschemas may be applied.
 * @throws TooMuch while it is made for a list too long to be searched for equal entries; while it is used, after so many
 *   evaluations. UntriedPattern as `matchesIn` says.
 */
export function countedCopy(root: unknown, json: Json, evaluations: number): unknown {
  let left = evaluations;
  const count = (): void => {
    if (--left < 0) throw new TooMuch("the schema and the answer are too large together");
  };
  return copySchema(root, { json, matches: matchesIn(json), count });
}

interface CopyFor {
  readonly json: Json;
  readonly matches: Matches;
  readonly count: () => void;
}

function copySchema(node: unknown, to: CopyFor): unknown {
  if (Array.isArray(node)) return node.map((item) => copySchema(item, to));
  if (!isObject(node)) return node;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(withoutPatterns(node, to.matches))
      .filter(([name, value]) => name !== "format" || FORMATS.has(value))
      .map(([name, value]) => [name, copyKeyword(name, value, to)] as const),
  );
  if (copy["uniqueItems"] === true) checkLists(to.json);
  const { type } = copy;
  const enumerable = Object.hasOwn(copy, "type");
  Object.defineProperty(copy, "type", {
    enumerable,
    get() {
      to.count();
      return type;
    },
  });
  return copy;
}

function copyKeyword(name: string, value: unknown, to: CopyFor): unknown {
  if (DATA.has(name)) return value;
  if (!MAPS.has(name) || !isObject(value)) return copySchema(value, to);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copySchema(inner, to)]));
}

function checkLists(json: Json): void {
  if (json.type === "array") {
    if (json.items.length > MAX_UNIQUE) throw new TooMuch(`a list has more than ${MAX_UNIQUE} entries`);
    json.items.forEach(checkLists);
  }
  if (json.type === "object") json.members.forEach(checkLists);
}
