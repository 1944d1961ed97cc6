import { distance } from "fastest-levenshtein";

const most = 3;

/**
 * The names that are spelled most like `name`, the closest first, three at most. Those that share less than half of it
 * are left out.
 */
export function closestTo(name: string, names: readonly string[]): readonly string[] {
  return names
    .map((other) => ({ other, edits: distance(name, other) }))
    .filter(({ other, edits }) => 2 * edits <= Math.max(name.length, other.length))
    .sort((one, two) => one.edits - two.edits)
    .slice(0, most)
    .map(({ other }) => other);
}
