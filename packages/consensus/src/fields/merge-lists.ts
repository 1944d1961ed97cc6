import type { Json } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import type { SchemaObject } from "../schema/schema.js";
import type { Voter } from "../strategies/strategy.js";
import { bestFirst, sumOf } from "../voting/tally.js";
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

/** What telling an entry of a union apart from all others takes, in values merged. */
const ENTRY = 3;

/** An entry of a voter's list. */
interface Item extends Entry {
  readonly index: number;
}

/** The same entries in the lists of several voters. */
interface Groups {
  readonly groups: readonly (readonly Item[])[];
  readonly tieBroken: boolean;
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
  const parts = groups.map((items, index) =>
    merging.merge(items, entryNodes(facets, index), pathOf(path, index)),
  );
  const json: Json = { type: "array", items: parts.map((part) => part.json) };
  if (parts.length > 0) return together(json, parts, tieBroken);
  const empty = entries.filter((entry) => entry.json.type === "array" && entry.json.items.length === 0);
  return { json, fields: [agreementOf(path, empty, merging)], tieBroken };
}

/** What the voters with the most frequent length have at each position. */
function positions(entries: readonly Entry[]): Groups {
  const lengthOf = ({ json }: Entry): number => (json.type === "array" ? json.items.length : 0);
  const { winners, tieBroken } = plurality(entries, (entry) => String(lengthOf(entry)));
  const [first] = winners;
  const length = first === undefined ? 0 : lengthOf(first);
  const lists = winners.map(itemsOf);
  const groups = Array.from({ length }, (_, index) => lists.flatMap((items) => items[index] ?? []));
  return { groups, tieBroken };
}

/**
 * Every entry that some voter has. In the order in which they stand on average; the most frequent ones first where a list
 * has a limit that all together would pass.
 */
function union(entries: readonly Entry[], facets: readonly SchemaObject[], merging: Merging): Groups {
  const items = entries.flatMap(itemsOf);
  merging.count(ENTRY * items.length);
  const keys = keysOf(items, merging.expand(entryNodes(facets, 0)), merging);
  const found = new Map<string, Item[]>();
  for (const [at, key] of distinctKeys(items, keys).entries()) {
    const item = items[at];
    const group = found.get(key);
    if (item === undefined) continue;
    if (group === undefined) found.set(key, [item]);
    else group.push(item);
  }
  const bySupport = bestFirst(Array.from(found, ([key, group]) => standingOf(key, group)));
  const limit = Math.min(maxEntries(facets), MAX_ENTRIES);
  const next = bySupport[limit];
  return {
    groups: bySupport
      .slice(0, limit)
      .toSorted((a, b) => a.place - b.place)
      .map(({ items: group }) => group),
    tieBroken: next !== undefined && next.votes === bySupport[limit - 1]?.votes,
  };
}

/** The keys, those of an entry that a voter repeats told apart: what one voter has twice is twice in the union. */
function distinctKeys(items: readonly Item[], keys: readonly string[]): readonly string[] {
  const seenBy = new Map<Voter, Map<string, number>>();
  return items.map(({ voter }, at) => {
    const seen = seenBy.get(voter) ?? new Map<string, number>();
    seenBy.set(voter, seen);
    const key = keys[at] ?? "";
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 0 ? key : `${key} ${times}`;
  });
}

/** One key for all entries that mean the same thing. */
function keysOf(
  items: readonly Item[],
  facets: readonly SchemaObject[],
  merging: Merging,
): readonly string[] {
  const identity = identityOf(items, facets, merging);
  if (identity !== null) return items.map(({ json }) => identity(json));
  return isExact(facets)
    ? items.map(({ json }) => jsonKey(json))
    : merging.textKeys(items.map(({ json }) => json));
}

function itemsOf({ voter, weight, json }: Entry): readonly Item[] {
  return json.type === "array" ? json.items.map((item, index) => ({ voter, weight, json: item, index })) : [];
}

function standingOf(key: string, items: readonly Item[]) {
  const place = items.reduce((sum, { index }) => sum + index, 0) / items.length;
  return { key, items, place, votes: items.length, weight: sumOf(items.map(({ weight }) => weight)) };
}
