import { SynodError } from "@synod/rpc";
import type { KeyLimits, Limited } from "@synod/run-store";

/** What a request that is refused would have taken. */
export interface Wanted {
  /** Estimated. */
  readonly tokens: number;
  /** The most that it may cost, in billionths of a US dollar. */
  readonly usdNanos: number;
}

/**
 * What a caller is told whose key has no room for a request.
 *
 * @param nowMs Milliseconds since 1970.
 */
export function refusedBy(limited: Limited, limits: KeyLimits, wanted: Wanted, nowMs: number): SynodError {
  switch (limited.limit) {
    case "requests_per_minute":
      return tooFast(limited, `This key may send ${limits.requestsPerMinute} requests a minute.`);
    case "tokens_per_minute":
      return tooFast(
        limited,
        `This key may use ${limits.tokensPerMinute} tokens a minute, and this request counts as ${wanted.tokens}.`,
      );
    case "usd_per_day":
      return tooMuch("a day", limits.usdNanosPerDay, wanted, renewal(nowMs, { days: 1 }));
    case "usd_per_month":
      return tooMuch("a month", limits.usdNanosPerMonth, wanted, renewal(nowMs, { months: 1 }));
    default:
      return limited.limit satisfies never;
  }
}

function tooFast({ retryAfterMs }: Limited, what: string): SynodError {
  const canFit = retryAfterMs !== undefined;
  const message = canFit ? `${what} Ask again soon.` : `${what} Lower max_tokens, or send less.`;
  return new SynodError({ reason: "rate_limit_exceeded", message, retryable: canFit, retryAfterMs });
}

function tooMuch(
  period: string,
  budget: number | undefined,
  { usdNanos }: Wanted,
  renews: string,
): SynodError {
  const message =
    `This key may spend ${dollars(budget ?? 0)} ${period}, and what is left of that is less than this request may ` +
    `cost: ${dollars(usdNanos)}. Lower max_tokens, ask fewer models, or wait: the budget renews at ${renews}.`;
  return new SynodError({ reason: "budget_exceeded", message });
}

/** When the next day or month begins in UTC. */
function renewal(nowMs: number, { days = 0, months = 0 }: { days?: number; months?: number }): string {
  const now = new Date(nowMs);
  const day = months > 0 ? 1 : now.getUTCDate() + days;
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, day));
  return `${next.toISOString().slice(0, 16)}Z`;
}

/** An amount in US dollars, down to a millionth, rounded up. */
function dollars(nanos: number): string {
  const text = (Math.ceil(nanos / 1_000) / 1e6).toFixed(6);
  return `$${text.replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
