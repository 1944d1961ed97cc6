import type { RunEvent } from "../run/event.js";
import { answerOf } from "../run/record-answer.js";
import type { RunSpec } from "../run/spec.js";

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

/**
 * The families of the members that gave the answer which would go out now, one entry for each member: by the outcome
 * that the run keeps, not by one that it dropped. Empty where votes mean nothing, and where no member gave it.
 */
export function winnersOf(events: readonly RunEvent[], spec: RunSpec): readonly string[] {
  const kept = answerOf(events, spec);
  if (kept === null || kept.outcome.answerKey === "") return [];
  const { answerKey, votes } = kept.outcome;
  const seats = new Set(
    votes.filter((vote) => vote.counted && vote.answerKey === answerKey).map(({ voter }) => voter.member),
  );
  return [...seats].flatMap((seat) => spec.members[seat]?.family ?? []);
}
