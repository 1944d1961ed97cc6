import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";

/** A share that was counted, and where the true one lies. All from 0 to 1. */
export interface BoundedShare {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of Clopper & Pearson (1934) around a share that was counted: the true one lies in it with at least
 * this probability, however few were counted. `level`: above 0, below 1.
 *
 * @throws RangeError when `hits` is not a whole number from 0 to `of`, or `of` not a whole number from 1.
 */
export function clopperPearson(hits: number, of: number, level = 0.95): BoundedShare {
  if (!Number.isInteger(hits) || !Number.isInteger(of) || of < 1 || hits < 0 || hits > of) {
    throw new RangeError(`${hits} of ${of} is not a share that was counted.`);
  }
  const tail = (1 - level) / 2;
  return {
    share: hits / of,
    low: hits === 0 ? 0 : betaQuantile(tail, hits, of - hits + 1),
    high: hits === of ? 1 : betaQuantile(1 - tail, hits + 1, of - hits),
  };
}

/**
 * The most that any rule which picks one of the members' answers can reach: 1 - beta, where beta is the share of
 * questions on which every member is wrong. `right`: for each question, whether each member was right; 1 or more
 * questions.
 */
export function selectorBound(right: readonly (readonly boolean[])[], level = 0.95): BoundedShare {
  const reachable = right.filter((members) => members.some(Boolean)).length;
  return clopperPearson(reachable, right.length, level);
}
