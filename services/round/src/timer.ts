// Timers hold 31 bits of milliseconds, and fire at once beyond.
const longestMs = 2 ** 31 - 1;

/** Calls `then` after so many milliseconds; after more than 24 days at the latest, never early otherwise. */
export function after(milliseconds: number, then: () => void): NodeJS.Timeout {
  return setTimeout(then, Math.min(milliseconds, longestMs));
}
