import type { Vote } from "../strategies/strategy.js";
import { logOdds } from "../voting/log-odds.js";
import { TRUNCATED_SHARE, type Voice } from "../voting/weighted.js";
import { type Kinship, withShares } from "./correlation.js";

/**
 * The probability that an answer is right, given the votes: 0 to 1.
 *
 * By Bayes, every option as likely as another before the votes, and errors falling on every wrong option alike. Votes
 * that are correlated count as the part of an independent one that they are worth. The options are those that were
 * named; where all votes are for one, there is one more that nobody named. Null when the accuracy of a voter is
 * unknown, and for a key that nobody voted for.
 */
export function posteriorOf(
  key: string,
  votes: readonly (Vote & Voice)[],
  kinship: Kinship = {},
): number | null {
  const counted = votes.filter((vote) => vote.counted);
  const options = new Set(counted.map((vote) => vote.answerKey));
  if (!options.has(key)) return null;
  const scores = new Map<string, number>();
  for (const { answerKey, accuracy, truncated, share } of withShares(counted, kinship)) {
    if (accuracy === undefined) return null;
    const evidence =
      logOdds(accuracy, Math.max(2, options.size)) * (truncated === true ? TRUNCATED_SHARE : 1);
    scores.set(answerKey, (scores.get(answerKey) ?? 0) + share * evidence);
  }
  const own = scores.get(key) ?? 0;
  scores.delete(key);
  const rivals = scores.size === 0 ? [0] : [...scores.values()];
  return 1 / rivals.reduce((sum, score) => sum + Math.exp(score - own), 1);
}
