import { castBallots } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import type { Answer, Outcome, Vote } from "./strategy.js";
import { votesBy, voteOutcome } from "./vote-outcome.js";

/** What answers vote for, each with its weight as configured. */
export function votesOf(answers: readonly Answer[], format: AnswerFormat): readonly Vote[] {
  return votesBy("plurality", castBallots(answers, format));
}

/** The plurality of answer keys: see `voteOutcome`. */
export function pluralityOutcome(answers: readonly Answer[], format: AnswerFormat): Outcome {
  return voteOutcome(answers, format, "plurality");
}
