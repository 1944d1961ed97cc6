import type { Json } from "../json/json.js";
import { keyword, listOf, type SchemaObject } from "../schema/schema.js";
import { type Entry, type Merging, plurality, type Plurality } from "./merging.js";

/** What is left to merge once the voters chose between alternatives of a schema. */
export interface Chosen extends Plurality<Entry> {
  /** All schema objects that hold for what is left. */
  readonly facets: readonly SchemaObject[];
}

const CHOICES = ["anyOf", "oneOf"] as const;

/**
 * Votes between the alternatives of `anyOf` and `oneOf`, one after the other: values of different alternatives must not
 * be mixed. A value belongs to the first alternative that it looks like.
 */
export function chooseBranches(
  entries: readonly Entry[],
  nodes: readonly unknown[],
  { expand, alternatives }: Pick<Merging, "expand" | "alternatives">,
): Chosen {
  const all = expand(nodes);
  if (!all.some(hasAlternatives)) return { winners: entries, facets: all, tieBroken: false };
  const facets = new Set(all);
  let left = entries;
  let tieBroken = false;
  // What is added while the loop goes on is visited too.
  for (const facet of facets) {
    for (const name of CHOICES) {
      const branches = listOf(keyword(facet, name));
      if (branches.length === 0) continue;
      const { indexOf, facetsOf } = alternatives(branches);
      const branchOf = new Map(left.map(({ json }): [Json, number] => [json, indexOf(json)]));
      const chosen = plurality(left, ({ json }) => String(branchOf.get(json)));
      left = chosen.winners;
      tieBroken ||= chosen.tieBroken;
      const [first] = left;
      const branch = first === undefined ? undefined : branchOf.get(first.json);
      for (const own of facetsOf(branch ?? -1)) facets.add(own);
    }
  }
  return { winners: left, facets: [...facets], tieBroken };
}

function hasAlternatives(facet: SchemaObject): boolean {
  return CHOICES.some((name) => keyword(facet, name) !== undefined);
}
