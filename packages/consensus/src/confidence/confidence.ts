import type { Outcome, Vote } from "../strategies/strategy.js";
import type { Correlation } from "./correlation.js";
import { posteriorOf } from "./posterior.js";

/** What is known of a member. */
export interface Reliability {
  /** The probability that it is right, 0 to 1, when known. */
  readonly accuracy?: number;
  /** Who made the model. */
  readonly family: string;
}

/** An outcome whose votes say, where it is known, whether the answer was cut. */
type CountedOutcome = Pick<Outcome, "answerKey"> & {
  readonly votes: readonly (Vote & { readonly truncated?: boolean })[];
};

/**
 * The probability that an outcome is right, 0 to 1, from how reliable its voters are: see `posteriorOf`.
 *
 * Samples of one member and members of one family are one source, unless measured `correlation` says otherwise, so a copy
 * of a member raises it by nothing. Null when it is unknown: the accuracy of a voter is, or nobody voted for the answer.
 * `members`: by their position in the panel.
 */
export function confidenceOf(
  { answerKey, votes }: CountedOutcome,
  members: readonly Reliability[],
  correlation: Partial<Correlation> = {},
): number | null {
  const voices = votes.map((vote) => {
    const accuracy = members[vote.voter.member]?.accuracy;
    return { ...vote, ...(accuracy !== undefined && { accuracy }) };
  });
  return posteriorOf(answerKey, voices, { families: members.map(({ family }) => family), correlation });
}
