import betaCdf from "@stdlib/stats-base-dists-beta-cdf";
import { type Kinship, withShares } from "../confidence/correlation.js";
import { posteriorOf } from "../confidence/posterior.js";
import { type Statistic, standingsBy } from "../voting/statistic.js";
import { TRUNCATED_SHARE } from "../voting/weighted.js";
import type { VotesSoFar } from "./lossless.js";

/** When the winner is certain enough. */
export interface ConfidentRule extends Kinship {
  /** The probability to be reached, 0.5 to 1. Default: 0.95. */
  readonly confidence?: number;
}

/**
 * Whether the winner so far is right with at least the wanted probability.
 *
 * Where the accuracies of all who voted are known, by their posterior (see `posteriorOf`). Else by the Beta rule of
 * adaptive consistency (arXiv:2305.11860): P(theta > 1/2 | Beta(a+1, b+1)), a votes for the winner and b against it;
 * at 0.95 that is 4 votes of one mind. For `weighted` the heaviest voter counts as one and the others as the part of it
 * that they weigh. Votes that are correlated count as the part of an independent one that they are worth.
 *
 * The winner may change if all are waited for: `losslessStop` says when it cannot.
 */
export function confidentStop(
  { ballots, outstanding }: VotesSoFar,
  statistic: Statistic,
  { confidence = 0.95, ...kinship }: ConfidentRule = {},
): boolean {
  const counted = ballots.filter((ballot) => ballot.counted);
  const winner = standingsBy(statistic, ballots)[0]?.key;
  if (winner === undefined) return false;
  const posterior = posteriorOf(winner, counted, kinship);
  if (posterior !== null) return posterior >= confidence;

  const heaviest = Math.max(...[...counted, ...outstanding].map(({ weight }) => weight));
  let [pro, contra] = [0, 0];
  for (const { answerKey, weight, truncated, share } of withShares(counted, kinship)) {
    const part = statistic === "weighted" ? weight / heaviest : truncated ? TRUNCATED_SHARE : 1;
    if (answerKey === winner) pro += part * share;
    else contra += part * share;
  }
  return 1 - betaCdf(0.5, pro + 1, contra + 1) >= confidence;
}
