import type { Headers, LimitStates } from "./codec.js";
import { countIn } from "./openai-dialect/json.js";

const longestWaitMs = 24 * 3_600_000;
/** Above it a time is in milliseconds since 1970. */
const firstMilliseconds = 1e12;
/** Up to it a time is in seconds from now, above it in seconds since 1970. */
const lastRelativeSeconds = longestWaitMs / 1_000;

/**
 * Milliseconds until `X-RateLimit-Reset`, which is in seconds or milliseconds since 1970, or in seconds from now.
 * Undefined without it, and when it is over: then it says nothing of when to come back.
 */
export function waitUntilReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headers("x-ratelimit-reset") ?? Number.NaN);
  const waitMs = untilReset(reset, now);
  return waitMs > 0 ? Math.min(Math.ceil(waitMs), longestWaitMs) : undefined;
}

function untilReset(reset: number, now: number): number {
  if (reset > firstMilliseconds) return reset - now;
  return reset > lastRelativeSeconds ? reset * 1_000 - now : reset * 1_000;
}

/** Reads OpenRouter's own limit of requests. It stands only with a 429 that the limit made. */
export function openrouterLimits(headers: Headers, now: number): LimitStates | null {
  const limit = countIn(headers("x-ratelimit-limit"));
  const remaining = countIn(headers("x-ratelimit-remaining"));
  const resetMs = waitUntilReset(headers, now);
  if (limit === undefined || remaining === undefined || resetMs === undefined) return null;
  return { requests: { limit, remaining, resetMs } };
}
