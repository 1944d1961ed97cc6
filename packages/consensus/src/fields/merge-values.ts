import { type Json, valuesIn } from "../json/json.js";
import { expanded, type Schema, type SchemaObject } from "../schema/schema.js";
import { sumOf } from "../voting/tally.js";
import { type Count, TooMuch } from "../schema/work.js";
import { alternativesOf } from "./alternatives.js";
import { chooseBranches } from "./branches.js";
import { isExact, isOption, isStepped } from "./hints.js";
import { mergeLists } from "./merge-lists.js";
import { mergeObjects } from "./merge-objects.js";
import { median, voteExactly, voteOnTexts } from "./merge-scalars.js";
import { type Entry, type Merged, type Merging, plurality } from "./merging.js";
import { createTextKeys } from "./text-keys.js";

/** Values of all answers together that are merged at most: each takes its part in several steps. */
const MAX_VALUES = 60_000;

/**
 * Agrees on a structured answer, value by value: the vote of most for texts, booleans and options, the median of numbers,
 * the union of lists. Objects and lists are merged to any depth. Voters vote first on what kind of value stands at a
 * place, and between the alternatives of `anyOf` and `oneOf`, so that different kinds are never mixed.
 *
 * @param entries The whole answers, 1 or more.
 * @param count Counts the work: values that are merged, schemas and options that they are compared with.
 * @throws TooMuch for more than 60,000 values in all answers together. What `count` throws.
 */
export function mergeAnswers(entries: readonly Entry[], schema: Schema, count: Count): Merged {
  const values = sumOf(entries.map(({ json }) => valuesIn(json)));
  if (values > MAX_VALUES) throw new TooMuch("the answers are too large together");
  const expand = createExpand(schema, count);
  const merging: Merging = {
    expand,
    alternatives: remembered((branches) =>
      alternativesOf(
        branches.map((branch) => expand([branch])),
        count,
      ),
    ),
    electorate: { voters: entries.length, weight: sumOf(entries.map(({ weight }) => weight)) },
    textKeys: createTextKeys(count),
    count,
    merge(given, nodes, path) {
      count(given.length);
      const { winners, facets, tieBroken } = chooseBranches(given, nodes, merging);
      const merged = isOption(facets)
        ? voteExactly(winners, path, merging)
        : mergeKinds(winners, facets, path, merging);
      return tieBroken ? { ...merged, tieBroken } : merged;
    },
  };
  return merging.merge(entries, [schema.root], "");
}

/** Expands schemas, each node once: the entries of a list have the same. */
function createExpand(schema: Schema, count: Count): Merging["expand"] {
  const ofNode = remembered((node) => expanded([node], schema));
  return (nodes) => {
    const facets = nodes.length === 1 ? ofNode(nodes[0]) : expanded(nodes, schema);
    count(facets.length);
    return facets;
  };
}

function remembered<In, Out>(make: (value: In) => Out): (value: In) => Out {
  const known = new Map<In, Out>();
  return (value) => {
    const made = known.get(value) ?? make(value);
    known.set(value, made);
    return made;
  };
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
