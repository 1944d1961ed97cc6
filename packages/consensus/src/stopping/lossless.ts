import type { Ballot } from "../answers/ballots.js";
import type { Vote } from "../strategies/strategy.js";
import type { Statistic } from "../voting/statistic.js";
import { standings, sumOf } from "../voting/tally.js";
import type { Voice } from "../voting/weighted.js";
import { isWeightDecided } from "./lossless-weighted.js";

/** What is known of a round that is going on. */
export interface VotesSoFar {
  /** What came in, abstentions included. */
  readonly ballots: readonly Ballot[];
  /** What the vote of each voter that is still writing can weigh at most. */
  readonly outstanding: readonly Voice[];
}

/**
 * Whether no completion of the outstanding votes can change the winning key.
 *
 * Exact, from the same statistic that decides in the end, ties included: an outstanding voter may give any answer, a cut
 * one, one that nobody gave yet, or none. Texts are clustered anew when one more comes in, so all of them together count
 * as one rival, and a text never wins early.
 */
export function losslessStop(votes: VotesSoFar, statistic: Statistic): boolean {
  const { ballots, outstanding } = votes;
  const counted = ballots.filter((ballot) => ballot.counted);
  if (counted.length === 0) return false;
  if (outstanding.length === 0) return true;
  return statistic === "plurality" ? isPluralityDecided(votes) : isWeightDecided(votes);
}

/** Each rival in turn, and a key that nobody named yet, is given all outstanding votes. */
function isPluralityDecided({ ballots, outstanding }: VotesSoFar): boolean {
  const counted = ballots.filter((ballot) => ballot.counted);
  const winner = standings(counted)[0];
  const texts = counted.filter((ballot) => ballot.kind === "text");
  if (winner === undefined || texts.some((ballot) => ballot.answerKey === winner.key)) return false;
  const unnamed = [...texts, ...outstanding].map(({ weight }) => weight);
  const holdsAgainstUnnamed =
    winner.votes > unnamed.length || (winner.votes === unnamed.length && winner.weight > sumOf(unnamed));
  return (
    holdsAgainstUnnamed &&
    counted.every((rival) => {
      const gained = outstanding.map(({ weight }): Vote => ({ ...rival, weight }));
      return rival.answerKey === winner.key || standings([...counted, ...gained])[0]?.key === winner.key;
    })
  );
}
