import type { Ranking } from "./borda.js";
import type { Candidate } from "./candidate.js";
import { duelsOf, majorityOf } from "./duel.js";

/**
 * The candidate that beats every other one in a majority of the rankings that both are in (Condorcet 1785). Null when
 * there is none: nobody beats all, or some were never compared.
 */
export function condorcetWinner(rankings: readonly Ranking[]): Candidate | null {
  const candidates = [...new Map(rankings.flat().map((candidate) => [candidate.id, candidate])).values()];
  const beats = majorityOf(duelsOf(rankings));
  const beatsAll = ({ id }: Candidate): boolean =>
    candidates.every((other) => other.id === id || beats(id, other.id));
  return candidates.find(beatsAll) ?? null;
}
