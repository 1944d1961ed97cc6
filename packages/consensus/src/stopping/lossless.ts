import type { Ballot } from "../answers/ballots.js";
import type { Vote } from "../strategies/strategy.js";
import { standings, sumOf } from "../voting/tally.js";

/** What is known of a round that is going on. */
export interface VotesSoFar {
  /** What came in, abstentions included. */
  readonly ballots: readonly Ballot[];
  /** What the vote of each voter that is still writing can weigh at most. */
  readonly outstandingWeights: readonly number[];
}

/**
 * Whether no completion of the outstanding votes can change the winning key of a plurality.
 *
 * Exact, from the same statistic as `majority`: each rival in turn, and a key that nobody named yet, is given all
 * outstanding votes, ties included. (Voters that abstain or fail leave a rival weaker than that.) Texts are clustered
 * anew when one more comes in, so all of them together count as one rival, and a text never wins early.
 */
export function losslessStop({ ballots, outstandingWeights }: VotesSoFar): boolean {
  const counted = ballots.filter((ballot) => ballot.counted);
  const winner = standings(counted)[0];
  if (winner === undefined) return false;
  if (outstandingWeights.length === 0) return true;
  const texts = counted.filter((ballot) => ballot.kind === "text");
  if (texts.some((ballot) => ballot.answerKey === winner.key)) return false;
  const unnamed = [...texts.map((ballot) => ballot.weight), ...outstandingWeights];
  const holdsAgainstUnnamed =
    winner.votes > unnamed.length || (winner.votes === unnamed.length && winner.weight > sumOf(unnamed));
  return (
    holdsAgainstUnnamed &&
    counted.every((rival) => {
      const gained = outstandingWeights.map((weight): Vote => ({ ...rival, weight }));
      return rival.answerKey === winner.key || standings([...counted, ...gained])[0]?.key === winner.key;
    })
  );
}
