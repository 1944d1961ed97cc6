import type { KeyLimits } from "../keys/key-store.js";
import type { Limited, Room } from "./budget-store.js";

/** Milliseconds that a bucket takes to fill. */
const minuteMs = 60_000;
/** Sums of fractions of milliseconds round: so much over the limit is not over it. */
const slackMs = 1;

/** A bucket and how much a request takes out of it. */
export interface Draw {
  readonly limit: Room["limit"];
  /** What the bucket holds when it is full. */
  readonly most: number;
  /** Milliseconds after which that much has come back. */
  readonly costMs: number;
}

/** What a request takes out of which buckets. */
export function drawsOf({ requestsPerMinute, tokensPerMinute }: KeyLimits, tokens: number): readonly Draw[] {
  return [
    ...(requestsPerMinute === undefined ? [] : [drawOf("requests_per_minute", requestsPerMinute, 1)]),
    ...(tokensPerMinute === undefined ? [] : [drawOf("tokens_per_minute", tokensPerMinute, tokens)]),
  ];
}

function drawOf(limit: Draw["limit"], most: number, taken: number): Draw {
  return { limit, most, costMs: (taken * minuteMs) / most };
}

/** What correcting the tokens of a request gives back, or takes. Undefined for a key without such a limit. */
export function correctionOf({ tokensPerMinute }: KeyLimits, difference: number): Draw | undefined {
  return tokensPerMinute === undefined ? undefined : drawOf("tokens_per_minute", tokensPerMinute, difference);
}

/** What a bucket holds once it was drawn from. `busyUntil`: as for `tooLittle`, before that. */
export function roomAfter({ limit, most, costMs }: Draw, busyUntil: number, now: number): Room {
  const fullAfterMs = Math.max(0, Math.max(busyUntil, now) + costMs - now);
  const left = Math.floor((most * (minuteMs - fullAfterMs + slackMs)) / minuteMs);
  return { limit, most, left: Math.min(most, Math.max(0, left)), fullAfterMs: Math.ceil(fullAfterMs) };
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
