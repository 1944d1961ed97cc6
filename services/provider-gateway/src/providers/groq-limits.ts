import { parseGoDuration } from "@synod/upstream-http";
import type { Headers, LimitState, LimitStates } from "./codec.js";
import { countIn } from "./openai-dialect/json.js";

/**
 * Reads what Groq says of its limits with every answer: requests a day and tokens a minute, for the model and the
 * organisation. Null when it says nothing that can be read.
 */
export function groqLimits(headers: Headers): LimitStates | null {
  const [requests, tokens] = [limitOf(headers, "requests"), limitOf(headers, "tokens")];
  if (requests === undefined && tokens === undefined) return null;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

/**
 * Milliseconds until the limit resets that made a 429: that of requests when none is left, else that of tokens, of which
 * too few were left. Undefined when the headers do not say.
 */
export function exceededLimitMs(headers: Headers): number | undefined {
  return resetOf(headers, remainingOf(headers, "requests") === 0 ? "requests" : "tokens");
}

type Limit = "requests" | "tokens";

function limitOf(headers: Headers, what: Limit): LimitState | undefined {
  const limit = countIn(headers(`x-ratelimit-limit-${what}`));
  const [remaining, resetMs] = [remainingOf(headers, what), resetOf(headers, what)];
  if (limit === undefined || remaining === undefined || resetMs === undefined) return undefined;
  return { limit, remaining, resetMs };
}

function remainingOf(headers: Headers, what: Limit): number | undefined {
  return countIn(headers(`x-ratelimit-remaining-${what}`));
}

function resetOf(headers: Headers, what: Limit): number | undefined {
  return parseGoDuration(headers(`x-ratelimit-reset-${what}`)?.trim() ?? "");
}
