/** The middle of several repeats, and how far they are apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value that `share` (0 to 1) of the values do not exceed, by nearest rank. NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the middle two. NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Sums up repeats. Repeats without a value (null) make the whole null: half a figure is none. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  if (known.length === 0 || known.length < values.length) return null;
  return {
    median: median(known as number[]),
    min: Math.min(...(known as number[])),
    max: Math.max(...(known as number[])),
  };
}

/** The same list beginning at `by`: `[a, b, c]` by 1 is `[b, c, a]`. */
export function rotate<T>(list: readonly T[], by: number): T[] {
  if (list.length === 0) return [];
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
