import type { Json } from "../json/json.js";
import { readJson } from "../json/read-json.js";
import { jsonKey } from "../json/write-json.js";
import { isObject, keyword, listOf, type SchemaObject } from "../schema/schema.js";
import type { Count } from "../schema/work.js";
import { compareText } from "../voting/stable-hash.js";
import { typesOf } from "./hints.js";

/** The alternatives of one `anyOf` or `oneOf`. */
export interface Alternatives {
  /** The first one that a value looks like; -1 without one. */
  readonly indexOf: (json: Json) => number;
  /** What holds in an alternative; nothing for -1. */
  readonly facetsOf: (index: number) => readonly SchemaObject[];
}

/**
 * Reads alternatives once, so that finding that of a value is quick: values of one form, which are of the same type, have
 * the same members and the same of the values that some alternative fixes, belong to the same.
 *
 * @param count Counts alternatives that are compared.
 */
export function alternativesOf(branches: readonly (readonly SchemaObject[])[], count: Count): Alternatives {
  const looks = branches.map((facets) => facets.map(lookOf));
  const fixed = new Set(looks.flat().flatMap(({ members }) => [...members.keys()]));
  const fixesWhole = looks.flat().some(({ allowed }) => allowed !== null);
  const known = new Map<string, number>();
  const find = (json: Json, keys: Keys): number => {
    const size = json.type === "object" ? json.members.size : 0;
    return looks.findIndex((all) =>
      all.every((look) => {
        count(1 + look.required.length + look.members.size + (look.names === null ? 0 : size));
        return isLike(json, keys, look);
      }),
    );
  };
  return {
    indexOf(json) {
      const keys = keysOf(json, fixed, fixesWhole);
      const form = formOf(json, keys);
      const index = known.get(form) ?? find(json, keys);
      known.set(form, index);
      return index;
    },
    facetsOf: (index) => branches[index] ?? [],
  };
}

/** What tells whether a value can be meant by a schema. */
interface Look {
  readonly types: ReadonlySet<unknown>;
  /** The keys of the values that it allows; null where it allows others. */
  readonly allowed: ReadonlySet<string> | null;
  readonly required: readonly string[];
  /** The keys of the values that it allows its members; null where a member may be anything. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** The names that members have where it allows no others; null where it does. */
  readonly names: ReadonlySet<string> | null;
}

function lookOf(facet: SchemaObject): Look {
  const properties = keyword(facet, "properties");
  const entries = isObject(properties) ? Object.entries(properties) : [];
  const isClosed = keyword(facet, "additionalProperties") === false;
  return {
    types: new Set(typesOf(facet).flatMap((type) => (type === "integer" ? ["integer", "number"] : [type]))),
    allowed: allowedBy(facet),
    required: listOf(keyword(facet, "required")).map(String),
    members: new Map(
      entries.flatMap(([name, node]) => {
        const allowed = allowedBy(node);
        return allowed === null ? [] : [[name, allowed] as const];
      }),
    ),
    names: isClosed ? new Set(entries.map(([name]) => name)) : null,
  };
}

/** The keys of the values that `enum` and `const` allow; null without either. */
function allowedBy(node: unknown): ReadonlySet<string> | null {
  const options = keyword(node, "enum");
  const only = keyword(node, "const");
  const keys = Array.isArray(options) ? new Set(options.map(keyOfData)) : null;
  if (only === undefined) return keys;
  const key = keyOfData(only);
  return new Set(keys === null || keys.has(key) ? [key] : []);
}

function keyOfData(value: unknown): string {
  const json = readJson(JSON.stringify(value));
  return json === null ? "" : jsonKey(json);
}

/** What fixed values are compared with: the key of each member that some alternative fixes, and of the whole. */
interface Keys {
  readonly members: ReadonlyMap<string, string>;
  /** Empty where no alternative fixes the whole. */
  readonly whole: string;
}

function keysOf(json: Json, fixed: ReadonlySet<string>, fixesWhole: boolean): Keys {
  const members = json.type === "object" ? [...json.members].filter(([name]) => fixed.has(name)) : [];
  return {
    members: new Map(members.map(([name, value]) => [name, jsonKey(value)])),
    whole: fixesWhole ? jsonKey(json) : "",
  };
}

/** Whether a value can be meant by a schema, as far as its type, its members' names and its fixed values tell. */
function isLike(json: Json, keys: Keys, { types, allowed, required, members, names }: Look): boolean {
  if (types.size > 0 && !types.has(json.type)) return false;
  if (allowed !== null && !allowed.has(keys.whole)) return false;
  if (json.type !== "object") return true;
  return (
    required.every((name) => json.members.has(name)) &&
    (names === null || [...json.members.keys()].every((name) => names.has(name))) &&
    [...members].every(
      ([name, allowedHere]) => allowedHere.has(keys.members.get(name) ?? "") || !json.members.has(name),
    )
  );
}

/** What alternatives can tell of a value: the same for values that they cannot tell apart. */
function formOf(json: Json, { members, whole }: Keys): string {
  const names = json.type === "object" ? [...json.members.keys()].toSorted(compareText) : [];
  return JSON.stringify([json.type, whole, names.map((name) => [name, members.get(name)])]);
}
