import type { Answer, Vote } from "./strategy.js";

/** The answers whose vote counts. `votes`: one for each answer, in their order. */
export function hasVote(answers: readonly Answer[], votes: readonly Vote[]): readonly Answer[] {
  return answers.filter((_, index) => votes[index]?.counted === true);
}
