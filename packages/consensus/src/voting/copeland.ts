import { type Candidate, type CandidateStanding, standingsByScore } from "./candidate.js";
import { type Duel, majorityOf } from "./duel.js";

/**
 * Copeland's rule (1951): a candidate's score is how many others it beat, less how many beat it; where several duels
 * compare the same two, by their majority. Two that were not compared, or are level, count for neither. A candidate that
 * beats every other one comes first. The best first; ties: see `standingsByScore`.
 */
export function copeland(
  candidates: readonly Candidate[],
  pairwise: readonly Duel[],
): readonly CandidateStanding[] {
  const beats = majorityOf(pairwise);
  return standingsByScore(
    candidates,
    (id) =>
      candidates.filter((other) => beats(id, other.id)).length -
      candidates.filter((other) => beats(other.id, id)).length,
  );
}
