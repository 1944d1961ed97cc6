import type { Ballot } from "../answers/ballots.js";

/** One way in which independent voters can vote, and how likely it is. */
export interface Pattern {
  readonly ballots: readonly Ballot[];
  readonly probability: number;
}

/**
 * Every way in which independent voters can vote that are right (`right`) with these probabilities, and wrong with each
 * of the other options alike.
 */
export function patternsOf(
  accuracies: readonly number[],
  options: readonly [right: string, ...wrong: string[]] = ["right", "wrong"],
): readonly Pattern[] {
  return accuracies.reduce<readonly Pattern[]>(
    (patterns, accuracy, member) =>
      patterns.flatMap(({ ballots, probability }) =>
        options.map((key, i) => ({
          ballots: [...ballots, ballotFor(key, member, accuracy)],
          probability: probability * (i === 0 ? accuracy : (1 - accuracy) / (options.length - 1)),
        })),
      ),
    [{ ballots: [], probability: 1 }],
  );
}

/** A vote of weight 1. */
export function ballotFor(answerKey: string, member: number, accuracy: number): Ballot {
  return {
    voter: { member, sample: 1 },
    answerKey,
    counted: true,
    weight: 1,
    kind: "exact",
    abstained: null,
    truncated: false,
    accuracy,
  };
}

/** The sum of what a function says of each pattern, by how likely it is. */
export function expected(patterns: readonly Pattern[], of: (pattern: Pattern) => number): number {
  return patterns.reduce((sum, pattern) => sum + pattern.probability * of(pattern), 0);
}
