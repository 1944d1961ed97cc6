import { type Json, valuesIn } from "../json/json.js";
import { jsonKey } from "../json/write-json.js";
import { compareByHash } from "../voting/stable-hash.js";
import { sumOf } from "../voting/tally.js";
import { heaviest, pathOf, plurality } from "./merging.js";
import type { WholeEntry } from "./sheets.js";

/** Values that are compared at most: beyond, whole answers are. */
const MAX_COMPARED = 1_000_000;

/**
 * The answer that is most like all others: by the share of values, each with its place, that two of them have in common.
 * Between equals the heavier one, then the stable hash. Where there is too much to compare, the one that most voters gave.
 *
 * @param entries 1 or more.
 */
export function mostTypical(entries: readonly WholeEntry[]): Json {
  const size = sumOf(entries.map(({ json }) => valuesIn(json)));
  if (size * entries.length > MAX_COMPARED) {
    return heaviest(plurality(entries, ({ key }) => key).winners);
  }
  const values = entries.map(({ json }) => new Set(valuesOf(json, "")));
  const likeness = values.map((own) =>
    sumOf(values.map((others, at) => overlapOf(own, others) * (entries[at]?.weight ?? 0))),
  );
  const [best] = entries
    .map((entry, at) => ({ ...entry, likeness: likeness[at] ?? 0 }))
    .toSorted((a, b) => b.likeness - a.likeness || b.weight - a.weight || compareByHash(a.key, b.key));
  if (best === undefined) throw new Error("there is no answer");
  return best.json;
}

function overlapOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((value) => b.has(value)).length;
  return common / (a.size + b.size - common);
}

function valuesOf(json: Json, path: string): readonly string[] {
  if (json.type === "object" && json.members.size > 0) {
    return [...json.members].flatMap(([name, value]) => valuesOf(value, pathOf(path, name)));
  }
  if (json.type === "array" && json.items.length > 0) {
    return json.items.flatMap((value, index) => valuesOf(value, pathOf(path, index)));
  }
  return [`${path} ${jsonKey(json)}`];
}
