import type { Contribution, Vote } from "../strategies/strategy.js";
import { agreementBy, type Statistic, standingsBy } from "../voting/statistic.js";
import type { Voice } from "../voting/weighted.js";

/**
 * What each answer did for the outcome, by leaving it out and counting again: one entry for each vote, in their order.
 *
 * `influence` is how much larger the winner's share is with it: above 0 for those who voted for the winner, below for
 * the others, 0 for who abstained. Empty when no vote counts.
 */
export function influences(votes: readonly (Vote & Voice)[], statistic: Statistic): readonly Contribution[] {
  const winner = standingsBy(statistic, votes)[0]?.key;
  if (winner === undefined) return [];
  const share = agreementBy(statistic, winner, votes) ?? 0;
  return votes.map((vote, index) => {
    if (!vote.counted) return { voter: vote.voter, influence: 0, swings: false };
    const rest = votes.filter((_, i) => i !== index);
    const without = agreementBy(statistic, winner, rest);
    return {
      voter: vote.voter,
      influence: without === null ? null : share - without,
      swings: without !== null && standingsBy(statistic, rest)[0]?.key !== winner,
    };
  });
}
