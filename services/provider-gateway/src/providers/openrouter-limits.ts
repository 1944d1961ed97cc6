import type { Headers, LimitStates } from "./codec.js";
import { countIn } from "./openai-dialect/json.js";

/** Above it a time is in milliseconds since 1970, else in seconds. */
const firstMilliseconds = 1e12;
const longestWaitMs = 24 * 3_600_000;

/** Milliseconds until `X-RateLimit-Reset`, which is in seconds or milliseconds since 1970; undefined without it. */
export function waitUntilReset(headers: Headers, now: number): number | undefined {
  const reset = Number(headers("x-ratelimit-reset") ?? Number.NaN);
  if (!(reset > 0)) return undefined;
  const wait = (reset > firstMilliseconds ? reset : reset * 1000) - now;
  return Math.min(Math.max(Math.ceil(wait), 0), longestWaitMs);
}

/** Reads OpenRouter's own limit of requests. It stands only with a 429 that the limit made. */
export function openrouterLimits(headers: Headers, now: number): LimitStates | null {
  const limit = countIn(headers("x-ratelimit-limit"));
  const remaining = countIn(headers("x-ratelimit-remaining"));
  const resetMs = waitUntilReset(headers, now);
  if (limit === undefined || remaining === undefined || resetMs === undefined) return null;
  return { requests: { limit, remaining, resetMs } };
}
