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

/** A wait that an upstream asked for, and up to a tenth of it more, a second at most; never less. */
export function afterHintMs(hintMs: number, random: () => number): number {
  return hintMs + random() * Math.min(mostHintExtraMs, hintMs * hintShare);
}
