import { goDuration } from "../duration.js";

/** Requests per day and tokens per minute of Groq's free tier. */
const LIMITS: Readonly<Record<string, readonly [requests: number, tokens: number]>> = {
  "llama-3.3-70b-versatile": [1_000, 12_000],
  "llama-3.1-8b-instant": [14_400, 6_000],
};
const OTHERS = [1_000, 8_000] as const;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

// A client that paces itself by the headers must not stop where nothing would be refused.
const FLOOR = 0.1;

/** What Groq's rate-limit headers say. They count down to a tenth, and nothing is ever refused: a fault does that. */
export interface GroqLimits {
  /** The headers after one more request to the model, spending so many tokens. `now` is in epoch milliseconds. */
  headers(model: string, tokens: number, now: number): Record<string, string>;
  reset(): void;
}

interface Bucket {
  requests: number;
  tokens: number;
  at: number;
}

/** Starts to count. At most 1,000 models are remembered. */
export function createGroqLimits(): GroqLimits {
  const buckets = new Map<string, Bucket>();
  return {
    headers(model, spent, now) {
      const [requests, tokens] = LIMITS[model] ?? OTHERS;
      if (buckets.size > 1_000) buckets.clear();
      const bucket = buckets.get(model) ?? { requests, tokens, at: now };
      const elapsed = Math.max(0, now - bucket.at);
      bucket.requests = Math.max(
        FLOOR * requests,
        Math.min(requests, bucket.requests + (requests * elapsed) / DAY_MS) - 1,
      );
      bucket.tokens = Math.max(
        FLOOR * tokens,
        Math.min(tokens, bucket.tokens + (tokens * elapsed) / MINUTE_MS) - spent,
      );
      bucket.at = now;
      buckets.set(model, bucket);
      return {
        "x-ratelimit-limit-requests": String(requests),
        "x-ratelimit-limit-tokens": String(tokens),
        "x-ratelimit-remaining-requests": String(Math.floor(bucket.requests)),
        "x-ratelimit-remaining-tokens": String(Math.floor(bucket.tokens)),
        "x-ratelimit-reset-requests": goDuration((DAY_MS * (requests - bucket.requests)) / requests),
        "x-ratelimit-reset-tokens": goDuration((MINUTE_MS * (tokens - bucket.tokens)) / tokens),
      };
    },
    reset: () => buckets.clear(),
  };
}
