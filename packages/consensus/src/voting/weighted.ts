import type { Vote } from "../strategies/strategy.js";
import { logOdds } from "./log-odds.js";
import { compareByHash } from "./stable-hash.js";
import type { Standing } from "./tally.js";

/** What a vote weighs, before anybody knows how many options there are. */
export interface Voice {
  /** The weight as configured, above 0. Of a cut answer, half. */
  readonly weight: number;
  /** The probability that the voter is right, 0 to 1, when known. */
  readonly accuracy?: number;
  /** Whether the answer is cut, so that its log-odds weigh half. False when unset. */
  readonly truncated?: boolean;
}

/** A cut answer may lack its end, where the answer stands: its vote weighs half. */
export const TRUNCATED_SHARE = 0.5;

/** Weights are added up in whole billionths: exact in any order, and 0.1 + 0.2 ties with 0.3. */
export const UNITS = 1e9;

/**
 * The standings by weight, the best first. This one statistic decides `weighted` and when a round may stop early.
 *
 * The larger sum of weights wins; a tie goes to the key's stable hash: never to who came first. Votes that do not count
 * are left out. When every vote has an accuracy p, its weight is ln(p(K-1)/(1-p)) with K the options seen, at least 2
 * (Nitzan & Paroush 1982): 0 for p = 1/K, and below it negative, so that such a voter counts against its own option.
 * Else it is the configured one.
 */
export function weightedStandings(votes: readonly (Vote & Voice)[]): readonly Standing[] {
  const options = optionsOf(votes);
  const sums = new Map<string, { votes: number; units: number }>();
  for (const vote of votes.filter(({ counted }) => counted)) {
    const sum = sums.get(vote.answerKey) ?? { votes: 0, units: 0 };
    sums.set(vote.answerKey, { votes: sum.votes + 1, units: sum.units + unitsOf(vote, options) });
  }
  return [...sums]
    .toSorted(([a, x], [b, y]) => y.units - x.units || compareByHash(a, b))
    .map(([key, sum]) => ({ key, votes: sum.votes, weight: sum.units / UNITS }));
}

/** Votes with what each weighs among them, in their order. */
export function weighed<T extends Vote & Voice>(votes: readonly T[]): readonly T[] {
  const options = optionsOf(votes);
  return votes.map((vote) => ({ ...vote, weight: unitsOf(vote, options) / UNITS }));
}

/**
 * The weight of a key by the weight of all, 0 to 1. Options whose weight is below 0 count as nothing. Exactly 1 when all
 * votes are for it. Null when no vote counts.
 */
export function weightedShare(key: string, votes: readonly (Vote & Voice)[]): number | null {
  const all = weightedStandings(votes);
  if (all.length === 0) return null;
  const own = Math.max(0, all.find((standing) => standing.key === key)?.weight ?? 0);
  if (all.length === 1) return all[0]?.key === key ? 1 : 0;
  const sum = all.reduce((total, { weight }) => total + Math.max(0, weight), 0);
  return sum > 0 ? Math.min(1, own / sum) : 0;
}

/** What a vote weighs, in whole billionths. `options`: see `optionsOf`. */
export function unitsOf({ weight, accuracy, truncated }: Voice, options: number | null): number {
  const isConfigured = options === null || accuracy === undefined;
  const value = isConfigured
    ? weight
    : logOdds(accuracy, options) * (truncated === true ? TRUNCATED_SHARE : 1);
  // Not -0.
  return Math.round(value * UNITS) + 0;
}

/** How many options the log-odds are of, 2 or more. Null when the configured weights count. */
function optionsOf(votes: readonly (Vote & Voice)[]): number | null {
  if (!hasAccuracies(votes)) return null;
  return Math.max(2, new Set(votes.filter(({ counted }) => counted).map((vote) => vote.answerKey)).size);
}

/** Whether accuracies are known of all. */
export function hasAccuracies(voices: readonly Voice[]): boolean {
  return voices.every(({ accuracy }) => accuracy !== undefined);
}
