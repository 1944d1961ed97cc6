import type { Json } from "../json/json.js";
import type { SchemaObject } from "../schema/schema.js";
import { compareText } from "../voting/stable-hash.js";
import { sumOf } from "../voting/tally.js";
import { memberNames, memberNodes, requiredNames } from "./hints.js";
import { agreementOf, type Entry, type Merged, type Merging, pathOf, together } from "./merging.js";

/**
 * Merges objects member by member. A member that need not be there is there when at least half of the voters gave it. Its
 * place is that in the schema, then by name.
 */
export function mergeObjects(
  entries: readonly Entry[],
  facets: readonly SchemaObject[],
  path: string,
  merging: Merging,
): Merged {
  const required = requiredNames(facets);
  const knownNames = memberNames(facets);
  merging.count(required.size + knownNames.length);
  const members = new Map<string, Json>();
  const parts: Merged[] = [];
  let tieBroken = false;
  for (const name of namesOf(entries, knownNames)) {
    const givers: Entry[] = [];
    const others: Entry[] = [];
    for (const entry of entries) {
      const json = entry.json.type === "object" ? entry.json.members.get(name) : undefined;
      if (json === undefined) others.push(entry);
      else givers.push({ voter: entry.voter, weight: entry.weight, json });
    }
    merging.count(entries.length);
    const balance = givers.length - others.length || weightOf(givers) - weightOf(others);
    if (!required.has(name)) tieBroken ||= givers.length === others.length;
    if (givers.length === 0 || (balance < 0 && !required.has(name))) continue;
    const part = merging.merge(givers, memberNodes(facets, name), pathOf(path, name));
    members.set(name, part.json);
    parts.push(part);
  }
  const json: Json = { type: "object", members };
  if (members.size > 0) return together(json, parts, tieBroken);
  const empty = entries.filter((entry) => entry.json.type === "object" && entry.json.members.size === 0);
  return { json, fields: [agreementOf(path, empty, merging)], tieBroken };
}

function namesOf(entries: readonly Entry[], knownNames: readonly string[]): Iterable<string> {
  const given = new Set<string>();
  for (const { json } of entries) {
    if (json.type === "object") for (const name of json.members.keys()) given.add(name);
  }
  const known = new Set(knownNames.filter((name) => given.has(name)));
  return known.size === given.size ? known : new Set([...known, ...[...given].toSorted(compareText)]);
}

function weightOf(entries: readonly Entry[]): number {
  return sumOf(entries.map(({ weight }) => weight));
}
