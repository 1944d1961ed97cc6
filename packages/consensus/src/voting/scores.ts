import { type Candidate, type CandidateStanding, standingsByScore } from "./candidate.js";
import { sumOf } from "./tally.js";

/** A candidate and what a judge gave it, a finite number. */
export interface Score {
  readonly candidate: Candidate;
  readonly score: number;
}

/** Everything that one judge gave, each candidate at most once. */
export type ScoreSheet = readonly Score[];

/**
 * The candidates by the trimmed mean of their normalised scores. Each judge's scores are first brought to mean 0 and
 * standard deviation 1, so that a judge that is harsh, or uses a part of the scale, counts as any other; one that gives
 * everybody the same says nothing. `trim`: the part of a candidate's scores that is left out at either end, 0 to below
 * 0.5, rounded down to whole scores. The best first; ties: see `standingsByScore`.
 */
export function byScores(sheets: readonly ScoreSheet[], trim = 0.2): readonly CandidateStanding[] {
  const candidates = new Map(sheets.flat().map(({ candidate }) => [candidate.id, candidate]));
  const all = sheets.flatMap(normalised);
  return standingsByScore(candidates.values(), (id) =>
    trimmedMean(
      all.filter(({ candidate }) => candidate.id === id).map(({ score }) => score),
      trim,
    ),
  );
}

/** The same scores with mean 0 and standard deviation 1. All 0 when they are all the same. */
export function normalised(sheet: ScoreSheet): ScoreSheet {
  const scores = sheet.map(({ score }) => score);
  const mean = sumOf(scores) / scores.length;
  const deviation = Math.sqrt(sumOf(scores.map((score) => (score - mean) ** 2)) / scores.length);
  const isSame = new Set(scores).size === 1;
  return sheet.map(({ candidate, score }) => ({ candidate, score: isSame ? 0 : (score - mean) / deviation }));
}

/** The mean of what is left when this part of the values, rounded down, is left out at either end. 0 of nothing. */
export function trimmedMean(values: readonly number[], trim: number): number {
  const dropped = Math.floor(values.length * trim);
  const kept = values.toSorted((a, b) => a - b).slice(dropped, values.length - dropped);
  return kept.length === 0 ? 0 : sumOf(kept) / kept.length;
}
