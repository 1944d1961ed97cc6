const baseMs = 500;
const longestMs = 8_000;
const hintShare = 0.1;
const mostHintExtraMs = 1_000;

/**
 * How long to wait before a repeat, in milliseconds: anything from 0 to 500 ms, doubled with each repeat, up to 8 s.
 *
 * "Full jitter" of Amazon's "Exponential Backoff and Jitter": many callers that failed together do not come back
 * together.
 *
 * @param repeat counts from 0.
 * @param random at least 0, below 1.
 */
export function fullJitterMs(repeat: number, random: () => number): number {
  return random() * Math.min(longestMs, baseMs * 2 ** repeat);
}

/**
 * The wait before a repeat where the upstream asked for one: never less than that, up to a tenth of it more, a second at
 * most; and never less jitter than without.
 *
 * @param hintMs undefined where it asked for none.
 */
export function backoffMs(hintMs: number | undefined, repeat: number, random: () => number): number {
  const jitterMs = fullJitterMs(repeat, random);
  if (hintMs === undefined) return jitterMs;
  return Math.max(jitterMs, hintMs + random() * Math.min(mostHintExtraMs, hintMs * hintShare));
}
