import { compareText } from "../voting/stable-hash.js";
import { isAlike, likenessAmong, traitsOf, type TextTraits } from "./likeness.js";
import { shortKey } from "./short-key.js";

interface Cluster {
  readonly members: readonly TextTraits[];
}

/**
 * Puts texts that say the same together and gives each cluster one key: the normalised form of its shortest text.
 *
 * Two texts are joined only if EVERY pair of their clusters is alike, so that no chain of small steps leads past a
 * veto. The order of the texts never matters. Returns one key for each text, in their order.
 */
export function clusterTexts(texts: readonly string[]): readonly string[] {
  const distinct = new Map<string, TextTraits>();
  const ids = texts.map((text) => {
    const traits = traitsOf(text);
    const id = `${traits.normalised}\u0000${traits.negations}\u0000${[...traits.names].toSorted().join(" ")}`;
    distinct.set(id, traits);
    return id;
  });
  const sorted = [...distinct].toSorted(([a], [b]) => compareText(a, b));
  const clusters = joined(sorted.map(([, traits]) => traits));
  const keys = new Map<TextTraits, string>();
  for (const cluster of clusters) {
    const key = keyOf(cluster);
    for (const member of cluster.members) keys.set(member, key);
  }
  return ids.map((id) => {
    const traits = distinct.get(id);
    return traits === undefined ? "" : (keys.get(traits) ?? "");
  });
}

/** Joins the two most alike clusters again and again. Equal likeness: the first pair in the order of the texts. */
function joined(texts: readonly TextTraits[]): readonly Cluster[] {
  let clusters: readonly Cluster[] = texts.map((text) => ({ members: [text] }));
  // How alike the two least alike members of each pair of clusters are.
  let lowest = likenessTable(texts);
  for (let pair = closest(lowest); pair !== null; pair = closest(lowest)) {
    const [kept, gone] = pair;
    const joint = { members: [kept, gone].flatMap((i) => clusters[i]?.members ?? []) };
    clusters = clusters.map((cluster, i) => (i === kept ? joint : cluster)).filter((_, i) => i !== gone);
    lowest = merged(lowest, kept, gone);
  }
  return clusters;
}

/** How alike each two texts are. */
function likenessTable(texts: readonly TextTraits[]): readonly (readonly number[])[] {
  const likeness = likenessAmong(texts);
  const halves = texts.map((_, a) => Array.from({ length: a }, (__, b) => likeness(b, a)));
  return texts.map((_, a) =>
    texts.map((__, b) => (a === b ? 1 : (halves[Math.max(a, b)]?.[Math.min(a, b)] ?? 0))),
  );
}

/** The pair that is most alike and may be joined. Null when there is none. */
function closest(lowest: readonly (readonly number[])[]): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  let highest = 0;
  for (const [i, row] of lowest.entries()) {
    for (const [j, value] of row.entries()) {
      if (j > i && value > highest && isAlike(value)) {
        best = [i, j];
        highest = value;
      }
    }
  }
  return best;
}

/** The table after a join: the joined cluster is as alike to another as the less alike of its parts. */
function merged(
  lowest: readonly (readonly number[])[],
  kept: number,
  gone: number,
): readonly (readonly number[])[] {
  // The table is symmetric, so a row stands for its column too.
  const least = lowest.map((row) => Math.min(...row.filter((_, j) => j === kept || j === gone)));
  return lowest
    .map((row, i) => (i === kept ? least : row.map((value, j) => (j === kept ? (least[i] ?? value) : value))))
    .filter((_, i) => i !== gone)
    .map((row) => row.filter((_, j) => j !== gone));
}

function keyOf(cluster: Cluster): string {
  const [shortest = ""] = cluster.members
    .map((member) => member.normalised)
    .toSorted((a, b) => a.length - b.length || compareText(a, b));
  return shortKey(shortest);
}
