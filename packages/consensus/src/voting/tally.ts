import type { Vote } from "../strategies/strategy.js";
import { compareText, stableHash } from "./stable-hash.js";

/** How one key stands. */
export interface Standing {
  readonly key: string;
  /** How many voted for it. */
  readonly votes: number;
  /** What these votes weigh together. */
  readonly weight: number;
}

/**
 * The plurality of keys, the best first. This one statistic decides `majority` and when a round may stop early.
 *
 * More votes win; a tie goes to the heavier votes, then to the key's stable hash: never to who came first. Votes that
 * do not count are left out.
 */
export function standings(votes: readonly Vote[]): readonly Standing[] {
  const weights = new Map<string, number[]>();
  for (const vote of votes) {
    if (!vote.counted) continue;
    const own = weights.get(vote.answerKey);
    if (own === undefined) weights.set(vote.answerKey, [vote.weight]);
    else own.push(vote.weight);
  }
  return bestFirst(Array.from(weights, ([key, all]) => ({ key, votes: all.length, weight: sumOf(all) })));
}

/** The better standings first: more votes, then weight, then the key's stable hash. */
export function bestFirst<T extends Standing>(all: readonly T[]): readonly T[] {
  const hashed = all.map((standing) => ({ standing, hash: stableHash(standing.key) }));
  hashed.sort(
    ({ standing: a, hash: first }, { standing: b, hash: second }) =>
      b.votes - a.votes || b.weight - a.weight || first - second || compareText(a.key, b.key),
  );
  return hashed.map(({ standing }) => standing);
}

/**
 * The weight of a key by the weight of all votes that count, 0 to 1. Null when no vote counts; 0 where weights are
 * log-odds that cancel out.
 */
export function shareOf(key: string, votes: readonly Vote[]): number | null {
  const counted = votes.filter((vote) => vote.counted);
  if (counted.length === 0) return null;
  const own = counted.filter((vote) => vote.answerKey === key);
  // Equal sums must not differ in their last bit: everything in favour is exactly 1.
  if (own.length === counted.length) return 1;
  const all = sumOf(counted.map((v) => v.weight));
  return all > 0 ? Math.min(1, Math.max(0, sumOf(own.map((v) => v.weight)) / all)) : 0;
}

/** A sum that does not depend on the order: floating point would. */
export function sumOf(weights: readonly number[]): number {
  // One weight for all is usual, and the order of equal numbers is nothing.
  if (weights.every((weight) => weight === 1)) return weights.length;
  return weights.toSorted((a, b) => a - b).reduce((sum, weight) => sum + weight, 0);
}
