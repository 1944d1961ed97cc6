import { borda, type Ranking } from "../voting/borda.js";
import { condorcetWinner } from "../voting/condorcet.js";
import type { DistinctAnswer } from "./distinct-answers.js";
import type { LabelledAnswer } from "./labels.js";

/** An answer as it stands in a ranking. */
export interface RankedAnswer extends DistinctAnswer {
  /** Its Borda mean, 0 to 1; null when nobody ranked it. */
  readonly score: number | null;
  /** Whether it beats every other one in the majority of rankings. */
  readonly beatsAll: boolean;
}

/**
 * The answers, the best first: by the Borda mean, but one that beats every other in the majority of rankings stands first
 * whatever its mean. Ties go to the heavier, then to a stable hash. Those that nobody ranked come last, the best backed
 * first.
 */
export function orderOf(
  answers: readonly DistinctAnswer[],
  rankings: readonly Ranking[],
): readonly RankedAnswer[] {
  const standings = borda(rankings);
  const favourite = condorcetWinner(rankings)?.id;
  const places = new Map(standings.map(({ id }, place) => [id, id === favourite ? -1 : place]));
  const placeOf = ({ id }: DistinctAnswer): number => places.get(id) ?? standings.length;
  return answers
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((answer) => ({
      ...answer,
      score: standings.find(({ id }) => id === answer.id)?.score ?? null,
      beatsAll: answer.id === favourite,
    }));
}

/**
 * A ranking as its reader sees it: a JSON list of labels with their means, to two places, the best first. Equal means
 * stand in the order of the labels, so that nothing in it depends on what an answer says.
 *
 * @param shown the same answers, in the order in which they are shown.
 */
export function rankingText(order: readonly RankedAnswer[], shown: readonly LabelledAnswer[]): string {
  const ranked = shown.flatMap(({ label, answer }) => {
    const standing = order.find((one) => one.answer === answer);
    return standing === undefined ? [] : [{ label, standing }];
  });
  const valueOf = ({ standing }: { readonly standing: RankedAnswer }): number =>
    standing.beatsAll ? 2 : (standing.score ?? -1);
  return JSON.stringify(
    ranked
      .toSorted((a, b) => valueOf(b) - valueOf(a))
      .map(({ label, standing: { score } }) => ({
        answer: label,
        score: score === null ? null : Math.round(score * 100) / 100,
      })),
  );
}
