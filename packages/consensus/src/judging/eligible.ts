/** A judge and who made its model. */
export interface JudgeSeat {
  readonly model: string;
  readonly family: string;
}

/**
 * The judges that may judge an answer: a judge of the same family as the ONLY member that gave the winning answer is
 * recused, where at least `votesNeeded` judges remain. `winners`: the families of the members that gave it, one entry
 * for each member.
 */
export function eligibleJudges(
  judges: readonly JudgeSeat[],
  winners: readonly string[],
  votesNeeded: number,
): readonly JudgeSeat[] {
  const [only, ...others] = winners;
  if (only === undefined || others.length > 0) return judges;
  const remaining = judges.filter((judge) => judge.family !== only);
  return remaining.length >= votesNeeded ? remaining : judges;
}
