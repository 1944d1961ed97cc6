import { castBallots } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import { compareByHash } from "../voting/stable-hash.js";
import { shareOf, standings } from "../voting/tally.js";
import type { Answer, Outcome, Vote } from "./strategy.js";

/** What answers vote for, as an outcome lists it. */
export function votesOf(answers: readonly Answer[], format: AnswerFormat): readonly Vote[] {
  return castBallots(answers, format).map(({ voter, answerKey, counted, weight }) => ({
    voter,
    answerKey,
    counted,
    weight,
  }));
}

/**
 * The plurality of answer keys. The text is the winner's best-weighted answer; equal weights go to the text's stable
 * hash. When no answer votes, the text is empty: there is nothing to agree on.
 */
export function pluralityOutcome(answers: readonly Answer[], format: AnswerFormat): Outcome {
  const votes = votesOf(answers, format);
  const winner = standings(votes)[0]?.key ?? "";
  const [best] = answers
    .flatMap((answer, i) => {
      const vote = votes[i];
      return vote !== undefined && vote.counted && vote.answerKey === winner
        ? [{ text: answer.text, weight: vote.weight }]
        : [];
    })
    .toSorted((a, b) => b.weight - a.weight || compareByHash(a.text, b.text));
  return {
    text: best?.text ?? "",
    answerKey: winner,
    agreement: shareOf(winner, votes),
    votes,
    promptVersion: "",
    aggregatorUnavailable: false,
  };
}
