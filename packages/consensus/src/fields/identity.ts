import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { SchemaObject } from "../schema/schema.js";
import { compareText } from "../voting/stable-hash.js";
import { memberNames } from "./hints.js";
import type { Entry, Merging } from "./merging.js";

/** More entries are compared whole: looking for what names them would take too long. */
const MAX_ITEMS = 20_000;

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
  if (first?.json.type !== "object" || items.length > MAX_ITEMS) return null;
  const known = memberNames(facets);
  const others = [...first.json.members.keys()].toSorted(compareText);
  const [best] = [...new Set([...known, ...others])]
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
  const values = items.flatMap((item) => {
    const json = item.json.type === "object" ? item.json.members.get(name) : undefined;
    return json !== undefined && canName(json) ? [{ ...item, json }] : [];
  });
  if (values.length < items.length) return null;
  const keys = merging.textKeys(values);
  const own = new Set(items.map(({ voter }, at) => `${voter.member}/${voter.sample} ${keys[at]}`));
  if (own.size < items.length) return null;
  return new Map(items.map(({ json }, at) => [json, keys[at] ?? ""]));
}

function canName(json: Json): boolean {
  return json.type === "string" || (json.type === "number" && /^-?\d+$/.test(jsonKey(json)));
}
