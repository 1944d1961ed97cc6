import type { Json } from "../json/json.js";
import { TooMuch } from "../schema/counted-copy.js";
import type { Schema, SchemaObject } from "../schema/schema.js";
import { chooseBranches } from "./branches.js";
import { isExact, isOption, isStepped } from "./hints.js";
import { mergeLists } from "./merge-lists.js";
import { mergeObjects } from "./merge-objects.js";
import { median, voteExactly, voteOnTexts } from "./merge-scalars.js";
import { type Entry, type Merged, type Merging, plurality } from "./merging.js";
import { createTextKeys } from "./text-keys.js";

/** Schemas and options that values are compared with at most. */
const MAX_WORK = 2_000_000;

/**
 * Agrees on a structured answer, value by value: the vote of most for texts, booleans and options, the median of numbers,
 * the union of lists. Objects and lists are merged to any depth. Voters vote first on what kind of value stands at a
 * place, and between the alternatives of `anyOf` and `oneOf`, so that different kinds are never mixed.
 *
 * @param entries The whole answers, 1 or more.
 * @throws TooMuch when it would take too long.
 */
export function mergeAnswers(entries: readonly Entry[], schema: Schema): Merged {
  let left = MAX_WORK;
  const merging: Merging = {
    schema,
    weights: entries.map(({ weight }) => weight),
    textKeys: createTextKeys(),
    count(work) {
      left -= work;
      if (left < 0) throw new TooMuch("the schema and the answers are too large together");
    },
    merge(values, nodes, path) {
      const { winners, facets, tieBroken } = chooseBranches(values, nodes, merging);
      const merged = isOption(facets)
        ? voteExactly(winners, path, merging)
        : mergeKinds(winners, facets, path, merging);
      return tieBroken ? { ...merged, tieBroken } : merged;
    },
  };
  return merging.merge(entries, [schema.root], "");
}

function mergeKinds(
  entries: readonly Entry[],
  facets: readonly SchemaObject[],
  path: string,
  merging: Merging,
): Merged {
  const { winners, tieBroken } = plurality(entries, ({ json }) => json.type);
  const merged = mergeKind(winners[0]?.json.type ?? "null", winners, facets, path, merging);
  return tieBroken ? { ...merged, tieBroken } : merged;
}

function mergeKind(
  kind: Json["type"],
  entries: readonly Entry[],
  facets: readonly SchemaObject[],
  path: string,
  merging: Merging,
): Merged {
  switch (kind) {
    case "object":
      return mergeObjects(entries, facets, path, merging);
    case "array":
      return mergeLists(entries, facets, path, merging);
    case "number":
      return median(entries, isStepped(facets), path, merging);
    case "string":
      return isExact(facets) ? voteExactly(entries, path, merging) : voteOnTexts(entries, path, merging);
    case "boolean":
    case "null":
      return voteExactly(entries, path, merging);
    default:
      return kind satisfies never;
  }
}
