import { castBallots, type Ballot } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import { influences } from "../confidence/influence.js";
import { compareByHash } from "../voting/stable-hash.js";
import { agreementBy, isTie, type Statistic, standingsBy } from "../voting/statistic.js";
import { weighed } from "../voting/weighted.js";
import type { Answer, Outcome, Vote } from "./strategy.js";

/** What answers vote for, as an outcome of that statistic lists it: with log-odds, a weight may be below 0. */
export function votesBy(statistic: Statistic, ballots: readonly Ballot[]): readonly Vote[] {
  const votes = statistic === "weighted" ? weighed(ballots) : ballots;
  return votes.map(({ voter, answerKey, counted, weight }) => ({ voter, answerKey, counted, weight }));
}

/**
 * The answer that a statistic decides for. The text is the winner's best-weighted answer; equal weights go to the text's
 * stable hash. When no answer votes, the text is empty: there is nothing to agree on.
 */
export function voteOutcome(answers: readonly Answer[], format: AnswerFormat, statistic: Statistic): Outcome {
  const ballots = castBallots(answers, format);
  const standings = standingsBy(statistic, ballots);
  const winner = standings[0]?.key ?? "";
  const votes = votesBy(statistic, ballots);
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
    agreement: agreementBy(statistic, winner, ballots),
    votes,
    promptVersion: "",
    aggregatorUnavailable: false,
    ...(standings.length > 0 && { contributions: influences(ballots, statistic) }),
    ...(isTie(statistic, standings) && { tieBroken: true }),
  };
}
