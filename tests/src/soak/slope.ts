/** What was measured after so many questions. */
export interface Measured {
  readonly questions: number;
  readonly value: number;
}

/**
 * How much a value grows with each question: the median of the slopes between all pairs of points, which a few odd points
 * do not move (P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968). 0 for less than two.
 */
export function slopeOf(points: readonly Measured[]): number {
  const slopes = points.flatMap((late, index) =>
    points
      .slice(0, index)
      .filter((early) => early.questions !== late.questions)
      .map((early) => (late.value - early.value) / (late.questions - early.questions)),
  );
  return median(slopes);
}

/** The middle one of the values, or the mean of the two; 0 for none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
