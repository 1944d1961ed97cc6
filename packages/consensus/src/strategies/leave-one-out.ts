import type { Answer, Contribution, Outcome } from "./strategy.js";

/**
 * What each answer did for an outcome, by deciding again without it. In the order of the answers; 0 for who abstained.
 *
 * @param share What of an outcome is for the answer that won with all: it is compared with and without each answer. Null
 *   when nothing is left.
 */
export function leaveOneOut(
  answers: readonly Answer[],
  outcome: Outcome,
  decide: (answers: readonly Answer[]) => Outcome,
  share: (outcome: Outcome) => number | null,
): readonly Contribution[] {
  return answers.map(({ voter }, index) => {
    if (outcome.votes[index]?.counted !== true) return { voter, influence: 0, swings: false };
    const without = decide(answers.filter((_, i) => i !== index));
    const rest = share(without);
    if (rest === null) return { voter, influence: null, swings: false };
    return {
      voter,
      influence: (share(outcome) ?? 0) - rest,
      swings: without.answerKey !== outcome.answerKey,
    };
  });
}
