import { retryAfterMs } from "@synod/upstream-http";
import type { Headers } from "../codec.js";
import type { ProviderError } from "../provider-error.js";
import { cleanText } from "./clean-text.js";
import type { ErrorFacts } from "./error-facts.js";
import { type Verdict, verdicts } from "./verdicts.js";

/** What an error means if everything that stands here is true of it. */
export interface Rule {
  /** One of these statuses. */
  readonly status?: readonly number[];
  /** This status or a higher one. */
  readonly from?: number;
  /** One of these codes. */
  readonly code?: readonly string[];
  /** A message like this. */
  readonly says?: RegExp;
  /** One of these headers, whatever it holds. */
  readonly header?: readonly string[];
  /** Whether the body names grounds of content. */
  readonly blocked?: true;
  /** Whether the body holds what the model wrote. */
  readonly generated?: true;
  /** Whether the body is an error as the provider writes it. */
  readonly understood?: true;
  readonly means: Verdict;
}

/** What errors mean with any provider that speaks OpenAI's dialect. The first rule that fits decides. */
const commonRules: readonly Rule[] = [
  { code: ["insufficient_quota"], means: verdicts.outOfCredit },
  { blocked: true, means: verdicts.refused },
  {
    code: [
      "model_not_found",
      "no_endpoints",
      "model_deprecated",
      "model_unavailable_upstream",
      "free_variant_ended",
    ],
    means: verdicts.unknownModel,
  },
  {
    status: [400],
    says: /not a valid model|model[^.]{0,120}(does not exist|not found|decommissioned)/i,
    means: verdicts.unknownModel,
  },
  { status: [413], means: verdicts.tooLong },
  {
    code: ["context_length_exceeded", "token_limit_exceeded", "string_too_long", "payload_too_large"],
    means: verdicts.tooLong,
  },
  {
    status: [400],
    says: /context (length|window|size)|maximum context|too many tokens|prompt is too long/i,
    means: verdicts.tooLong,
  },
  { status: [401], means: verdicts.keyRefused },
  { status: [402], means: verdicts.outOfCredit },
  { status: [403], understood: true, means: verdicts.keyRefused },
  { status: [403], means: verdicts.forbidden },
  { status: [404], understood: true, means: verdicts.unknownModel },
  { status: [404], means: verdicts.wrongAddress },
  { status: [408, 504], means: verdicts.late },
  { status: [429], means: verdicts.limited },
  { status: [498], means: verdicts.tierFull },
  { from: 500, means: verdicts.broken },
  { from: 400, means: verdicts.rejected },
  { means: verdicts.astray },
];

/** What an error means by the first of a provider's own rules that fits, else by the common ones. */
export function decide(facts: ErrorFacts, headers: Headers, ownRules: readonly Rule[] = []): Verdict {
  const fits = (rule: Rule): boolean => fitsFacts(rule, facts) && (rule.header?.some(isSet(headers)) ?? true);
  return (ownRules.find(fits) ?? commonRules.find(fits))?.means ?? verdicts.astray;
}

function fitsFacts(rule: Rule, facts: ErrorFacts): boolean {
  return (
    (rule.status?.includes(facts.status) ?? true) &&
    facts.status >= (rule.from ?? 0) &&
    (rule.code?.some((code) => facts.codes.has(code)) ?? true) &&
    (rule.says?.test(facts.message) ?? true) &&
    (rule.blocked === undefined || facts.blocked) &&
    (rule.generated === undefined || facts.generated) &&
    (rule.understood === undefined || facts.understood)
  );
}

const isSet =
  (headers: Headers) =>
  (name: string): boolean =>
    headers(name) !== undefined;

/**
 * An error made of its facts, of what it means, and of the waits that the body and the headers ask for. What the body
 * says of asking again (`availability.retryable`) counts more than its status. `x-should-retry: false`, which OpenAI's
 * and Groq's clients obey, only ever forbids a repeat.
 *
 * @param hintMs the wait where neither headers nor body ask for one.
 */
export function toProviderError(
  facts: ErrorFacts,
  verdict: Verdict,
  headers: Headers,
  hintMs?: number,
): ProviderError {
  const { message, ...meaning } = { ...verdict, ...availability(facts, verdict) };
  // "At once" and what is over are no waits: those who come back need their jitter.
  const named = [retryAfterMs(headers, Date.now()), facts.retryAfterMs, hintMs];
  const wait = named.find((ms) => ms !== undefined && ms > 0);
  return {
    ...meaning,
    ...(headers("x-should-retry") === "false" && { repeats: 0 }),
    message: shown(facts, message),
    ...(meaning.retryable && wait !== undefined && { retryAfterMs: wait }),
    httpStatus: facts.status,
  };
}

function availability({ retryable }: ErrorFacts, verdict: Verdict): Partial<Verdict> {
  if (retryable === undefined) return {};
  return retryable ? { retryable, repeats: verdict.repeats || 1 } : { retryable, repeats: 0 };
}

function shown({ status, message, suggested }: ErrorFacts, ours: string | undefined): string {
  if (ours !== undefined) return `${ours} (HTTP ${status})`;
  const said = message || `the provider answered with HTTP ${status}`;
  // Whom to ask, and so what to pay, is the caller's choice: a model that nobody named is not asked.
  return suggested.length === 0 ? said : cleanText(`${said} (suggested instead: ${suggested.join(", ")})`);
}

/** The headers of an error that has none of its own. */
export const noHeaders: Headers = () => undefined;
