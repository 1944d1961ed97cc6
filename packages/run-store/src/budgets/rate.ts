import type { KeyLimits } from "../keys/key-store.js";
import type { LimitName } from "./budget-store.js";

/** Milliseconds that a bucket takes to fill. */
export const minuteMs = 60_000;

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
