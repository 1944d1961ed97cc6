import type { Vote } from "../strategies/strategy.js";
import { shareOf, type Standing, standings } from "./tally.js";
import { type Voice, weightedShare, weightedStandings } from "./weighted.js";

/** What decides a vote: the number of votes, or their weight. */
export type Statistic = "plurality" | "weighted";

/** The standings by a statistic, the best first. The order of the votes never matters. */
export function standingsBy(statistic: Statistic, votes: readonly (Vote & Voice)[]): readonly Standing[] {
  return statistic === "plurality" ? standings(votes) : weightedStandings(votes);
}

/** How much of the votes is for a key, 0 to 1. Null when no vote counts. */
export function agreementBy(
  statistic: Statistic,
  key: string,
  votes: readonly (Vote & Voice)[],
): number | null {
  return statistic === "plurality" ? shareOf(key, votes) : weightedShare(key, votes);
}

/** Whether the two best are level, so that something else than the statistic decides between them. */
export function isTie(statistic: Statistic, [first, second]: readonly Standing[]): boolean {
  if (first === undefined || second === undefined) return false;
  return statistic === "plurality" ? first.votes === second.votes : first.weight === second.weight;
}
