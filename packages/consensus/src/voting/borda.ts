import { type Candidate, type CandidateStanding, standingsByScore } from "./candidate.js";
import { sumOf } from "./tally.js";

/** One voter's order of candidates, the best first, each at most once. Whom it leaves out it does not rank. */
export type Ranking = readonly Candidate[];

/**
 * The Borda mean (Borda 1781): in a ranking the best has 1, the last 0, and those between are evenly spaced; a candidate's
 * score is its mean over the rankings that it is in, so that who may not rank its own answer does it no harm. A ranking
 * of one says nothing. The best first; ties: see `standingsByScore`.
 */
export function borda(rankings: readonly Ranking[]): readonly CandidateStanding[] {
  const candidates = new Map(rankings.flat().map((candidate) => [candidate.id, candidate]));
  const points = new Map<string, number[]>();
  for (const ranking of rankings.filter(({ length }) => length > 1)) {
    for (const [place, { id }] of ranking.entries()) {
      const point = 1 - place / (ranking.length - 1);
      points.set(id, [...(points.get(id) ?? []), point]);
    }
  }
  return standingsByScore(candidates.values(), (id) => {
    const own = points.get(id) ?? [];
    return own.length === 0 ? 0 : sumOf(own) / own.length;
  });
}
