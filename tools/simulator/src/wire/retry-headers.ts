import type { RetryHint, WireProvider } from "./dialect.js";
import { goDuration } from "./duration.js";

/** The headers that say when to come back. `now` is in epoch milliseconds. */
export function retryHeaders(hint: RetryHint, provider: WireProvider, now: number): Record<string, string> {
  const { seconds } = hint;
  const resetAt = now + seconds * 1000;
  switch (hint.as) {
    case "seconds":
      return { "retry-after": String(seconds) };
    case "http_date":
      // A date has no fractions of a second: round up, so that waiting until then is never too short.
      return { "retry-after": new Date(Math.ceil(resetAt / 1000) * 1000).toUTCString() };
    case "milliseconds":
      return { "retry-after-ms": String(seconds * 1000) };
    case "go_duration":
      return provider === "groq"
        ? {
            "x-ratelimit-reset-requests": goDuration(seconds * 1000),
            "x-ratelimit-reset-tokens": goDuration(seconds * 1000),
          }
        : { "x-ratelimit-reset": goDuration(seconds * 1000) };
    case "epoch_ms":
      return { "x-ratelimit-reset": String(Math.ceil(resetAt)) };
    case "epoch_seconds":
      return { "x-ratelimit-reset": String(Math.ceil(resetAt / 1000)) };
  }
}
