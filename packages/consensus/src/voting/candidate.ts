import { compareByHash } from "./stable-hash.js";

/** Something that is ranked, compared or scored. */
export interface Candidate {
  /** Names it, and breaks ties that its weight leaves: a text, not a position, so that no order matters. */
  readonly id: string;
  /** The weight of those who gave it, which breaks ties. */
  readonly weight: number;
}

/** How one candidate stands. */
export interface CandidateStanding extends Candidate {
  readonly score: number;
}

/** Scores are compared in billionths: those that differ by rounding alone are ties. */
const PRECISION = 1e9;

/** The candidates by a score, the highest first; a tie goes to the heavier, then to the id's stable hash. */
export function standingsByScore(
  candidates: Iterable<Candidate>,
  scoreOf: (id: string) => number,
): readonly CandidateStanding[] {
  return [...candidates]
    .map(({ id, weight }) => ({ id, weight, score: Math.round(scoreOf(id) * PRECISION) / PRECISION + 0 }))
    .toSorted((a, b) => b.score - a.score || b.weight - a.weight || compareByHash(a.id, b.id));
}
