import type { KeyLimits } from "../keys/key-store.js";
import type { Limited, LimitName } from "./budget-store.js";

/** Milliseconds that a bucket takes to fill. */
const minuteMs = 60_000;
/** Sums of fractions of milliseconds round: so much over the limit is not over it. */
const slackMs = 1;

/** A bucket and how much a request takes out of it. */
export interface Draw {
  readonly limit: Extract<LimitName, "requests_per_minute" | "tokens_per_minute">;
  /** Milliseconds after which that much has come back. */
  readonly costMs: number;
}

/** What a request takes out of which buckets. */
export function drawsOf({ requestsPerMinute, tokensPerMinute }: KeyLimits, tokens: number): readonly Draw[] {
  return [
    ...(requestsPerMinute === undefined
      ? []
      : [{ limit: "requests_per_minute", costMs: minuteMs / requestsPerMinute } as const]),
    ...(tokensPerMinute === undefined
      ? []
      : [{ limit: "tokens_per_minute", costMs: (tokens * minuteMs) / tokensPerMinute } as const]),
  ];
}

/** What correcting the tokens of a request gives back, or takes. Undefined for a key without such a limit. */
export function correctionOf({ tokensPerMinute }: KeyLimits, difference: number): Draw | undefined {
  if (tokensPerMinute === undefined) return undefined;
  return { limit: "tokens_per_minute", costMs: (difference * minuteMs) / tokensPerMinute };
}

/**
 * Whether a bucket holds too little; undefined when it does not.
 *
 * @param busyUntil when it would be full again, in milliseconds since 1970.
 */
export function tooLittle({ limit, costMs }: Draw, busyUntil: number, now: number): Limited | undefined {
  const waitMs = Math.max(busyUntil, now) + costMs - now - minuteMs;
  if (waitMs <= slackMs) return undefined;
  const canEverFit = costMs <= minuteMs + slackMs;
  return { type: "limited", limit, retryAfterMs: canEverFit ? Math.ceil(waitMs) : undefined };
}
