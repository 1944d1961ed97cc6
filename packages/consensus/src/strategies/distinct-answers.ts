import type { Candidate } from "../voting/candidate.js";
import { compareByHash } from "../voting/stable-hash.js";
import { standings } from "../voting/tally.js";
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
  const voting = answers.flatMap((answer, i) => {
    const vote = votes[i];
    return vote?.counted === true ? [{ id: answer.text.trim(), answer, key: vote.answerKey }] : [];
  });
  const written = Map.groupBy(voting, ({ id }) => id);
  return standings(votes).flatMap(({ key, weight }) =>
    [...written]
      .filter(([, [first]]) => first?.key === key)
      .toSorted(([a], [b]) => compareByHash(a, b))
      .flatMap(([id, same]) => {
        const [answer] = same.map((one) => one.answer).toSorted((a, b) => compareByHash(a.text, b.text));
        const members = new Set(same.map((one) => one.answer.voter.member));
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
