import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import { expanded, type SchemaObject } from "../schema/schema.js";
import { compareStandings, sumOf } from "../voting/tally.js";
import { entryNodes, isExact, isPositional, maxEntries } from "./hints.js";
import { identityOf } from "./identity.js";
import {
  agreementOf,
  type Entry,
  type Merged,
  type Merging,
  pathOf,
  plurality,
  together,
} from "./merging.js";

/** Entries that a list comes to at most, however many its voters have together. */
const MAX_ENTRIES = 2_000;

/** An entry of a voter's list. */
interface Item extends Entry {
  readonly index: number;
}

/** The same entry in the lists of several voters. */
interface Group {
  readonly key: string;
  readonly items: readonly Item[];
}

/**
 * Merges lists: the union of their entries, each with who has it. Where positions have a meaning (tuples, lists of one
 * length alone) they are merged one by one instead.
 */
export function mergeLists(
  entries: readonly Entry[],
  facets: readonly SchemaObject[],
  path: string,
  merging: Merging,
): Merged {
  const positional = isPositional(facets);
  const { groups, tieBroken } = positional ? positions(entries) : union(entries, facets, merging);
  const parts = groups.map(({ items }, index) =>
    merging.merge(items, entryNodes(facets, index), pathOf(path, index)),
  );
  const json: Json = { type: "array", items: parts.map((part) => part.json) };
  if (parts.length > 0) return together(json, parts, tieBroken);
  const empty = entries.filter((entry) => entry.json.type === "array" && entry.json.items.length === 0);
  return { json, fields: [agreementOf(path, empty, merging)], tieBroken };
}

/** What the voters with the most frequent length have at each position. */
function positions(entries: readonly Entry[]): { groups: readonly Group[]; tieBroken: boolean } {
  const lengthOf = ({ json }: Entry): number => (json.type === "array" ? json.items.length : 0);
  const { winners, tieBroken } = plurality(entries, (entry) => String(lengthOf(entry)));
  const places = new Map<number, Item[]>();
  for (const item of itemsOf(winners)) places.set(item.index, [...(places.get(item.index) ?? []), item]);
  return { groups: Array.from(places, ([index, items]) => ({ key: String(index), items })), tieBroken };
}

/**
 * Every entry that some voter has. In the order in which they stand on average; the most frequent ones first where a list
 * has a limit that all together would pass.
 */
function union(
  entries: readonly Entry[],
  facets: readonly SchemaObject[],
  merging: Merging,
): { groups: readonly Group[]; tieBroken: boolean } {
  const items = itemsOf(entries);
  const keys = keysOf(items, expanded(entryNodes(facets, 0), merging.schema), merging);
  const found = new Map<string, Item[]>();
  // An entry that one voter has twice is twice in the union.
  const seen = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    const { member, sample } = item.voter;
    const own = `${member}/${sample} ${keys[at]}`;
    const times = (seen.get(own) ?? 0) + 1;
    seen.set(own, times);
    const key = `${times} ${keys[at]}`;
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  const bySupport = Array.from(found, ([key, group]) => ({ key, items: group })).toSorted((a, b) =>
    compareStandings(standingOf(a), standingOf(b)),
  );
  const limit = Math.min(maxEntries(facets), MAX_ENTRIES);
  const last = bySupport[limit - 1];
  const next = bySupport[limit];
  return {
    groups: bySupport.slice(0, limit).toSorted((a, b) => placeOf(a) - placeOf(b)),
    tieBroken: next !== undefined && next.items.length === last?.items.length,
  };
}

/** One key for all entries that mean the same thing. */
function keysOf(
  items: readonly Item[],
  facets: readonly SchemaObject[],
  merging: Merging,
): readonly string[] {
  const identity = identityOf(items, facets, merging);
  if (identity !== null) return items.map(({ json }) => identity(json));
  return isExact(facets) ? items.map(({ json }) => jsonKey(json)) : merging.textKeys(items);
}

function itemsOf(entries: readonly Entry[]): readonly Item[] {
  return entries.flatMap((entry) =>
    entry.json.type === "array" ? entry.json.items.map((json, index) => ({ ...entry, json, index })) : [],
  );
}

function standingOf({ key, items }: Group) {
  return { key, votes: items.length, weight: sumOf(items.map(({ weight }) => weight)) };
}

function placeOf({ items }: Group): number {
  return items.reduce((sum, { index }) => sum + index, 0) / items.length;
}
