import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { SchemaObject } from "../schema/schema.js";
import type { Voter } from "../strategies/strategy.js";
import { compareText } from "../voting/stable-hash.js";
import { memberNames } from "./hints.js";
import type { Entry, Merging } from "./merging.js";

/**
 * What tells the objects in lists apart, so that the same thing described differently by two voters is merged and not
 * listed twice: the member that is a text or a whole number in all of them, that no voter repeats, and that most objects
 * of different voters share; between equals a text. Null when there is none, and for lists of something else.
 */
export function identityOf(
  items: readonly Entry[],
  facets: readonly SchemaObject[],
  merging: Merging,
): ((json: Json) => string) | null {
  const [first] = items;
  if (first?.json.type !== "object") return null;
  const { members } = first.json;
  const known = memberNames(facets).filter((name) => members.has(name));
  const [best] = [...new Set([...known, ...[...members.keys()].toSorted(compareText)])]
    .flatMap((name) => {
      const keys = keysBy(items, name, merging);
      const shared = keys === null ? 0 : items.length - new Set(keys.values()).size;
      return keys === null || shared === 0 ? [] : [{ keys, shared, isText: isText(items, name) }];
    })
    .toSorted((a, b) => b.shared - a.shared || Number(b.isText) - Number(a.isText));
  return best === undefined ? null : (json) => best.keys.get(json) ?? "";
}

function isText(items: readonly Entry[], name: string): boolean {
  return items.every(({ json }) => json.type === "object" && json.members.get(name)?.type === "string");
}

/** The key of each object by one of its members; null when that member cannot tell them apart. */
function keysBy(items: readonly Entry[], name: string, merging: Merging): ReadonlyMap<Json, string> | null {
  const values: Json[] = [];
  for (const { json } of items) {
    const value = json.type === "object" ? json.members.get(name) : undefined;
    if (value === undefined || !canName(value)) return null;
    values.push(value);
  }
  merging.count(values.length);
  if (!areDistinct(items, values.map(jsonKey))) return null;
  const keys = merging.textKeys(values);
  if (!areDistinct(items, keys)) return null;
  return new Map(items.map(({ json }, at) => [json, keys[at] ?? ""]));
}

/** Whether no voter has two items with the same key. */
function areDistinct(items: readonly Entry[], keys: readonly string[]): boolean {
  const seenBy = new Map<Voter, Set<string>>();
  return items.every(({ voter }, at) => {
    const seen = seenBy.get(voter) ?? new Set<string>();
    seenBy.set(voter, seen);
    const before = seen.size;
    return seen.add(keys[at] ?? "").size > before;
  });
}

function canName(json: Json): boolean {
  return json.type === "string" || (json.type === "number" && /^-?\d+$/.test(jsonKey(json)));
}
