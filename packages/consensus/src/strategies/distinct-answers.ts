import type { Candidate } from "../voting/candidate.js";
import { compareByHash } from "../voting/stable-hash.js";
import { standings } from "../voting/tally.js";
import { hasVote } from "./has-vote.js";
import { votesOf } from "./plurality.js";
import type { AggregationInput, Answer } from "./strategy.js";

/** A text that one or more members wrote. Its id is the text, its weight that of all votes for the same key. */
export interface DistinctAnswer extends Candidate {
  /** The answer that stands for it. */
  readonly answer: Answer;
  /** What it votes for. */
  readonly key: string;
  /** The members that wrote it, by their position in the panel. */
  readonly members: ReadonlySet<number>;
}

/**
 * The different texts that have a vote, the best backed first: by the standing of their key, then by a stable hash. Texts
 * that differ only in the space around them are one, so that nobody gains by writing the same as others.
 */
export function distinctAnswers({ answers, answerFormat }: AggregationInput): readonly DistinctAnswer[] {
  const votes = votesOf(answers, answerFormat);
  const same = new Map<string, Answer[]>();
  const keys = new Map<string, string>();
  for (const answer of hasVote(answers, votes)) {
    const text = answer.text.trim();
    same.set(text, [...(same.get(text) ?? []), answer]);
    keys.set(text, votes[answers.indexOf(answer)]?.answerKey ?? "");
  }
  const texts = [...same].toSorted(([a], [b]) => compareByHash(a, b));
  return standings(votes).flatMap(({ key, weight }) =>
    texts
      .filter(([text]) => keys.get(text) === key)
      .flatMap(([id, written]) => {
        const [answer] = written.toSorted((a, b) => compareByHash(a.text, b.text));
        const members = new Set(written.map(({ voter }) => voter.member));
        return answer === undefined ? [] : [{ id, answer, key, weight, members }];
      }),
  );
}

/**
 * At most so many: the best backed of each key first, then the second of each, and so on, so that no key is crowded out
 * by many wordings of another.
 */
export function thinned(answers: readonly DistinctAnswer[], most: number): readonly DistinctAnswer[] {
  const turns = new Map<string, number>();
  return answers
    .map((answer) => {
      const turn = turns.get(answer.key) ?? 0;
      turns.set(answer.key, turn + 1);
      return { answer, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, most)
    .map(({ answer }) => answer);
}
