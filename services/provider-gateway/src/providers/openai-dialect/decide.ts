import { retryAfterMs } from "@synod/upstream-http";
import type { Headers } from "../codec.js";
import type { FailOver, ProviderError } from "../provider-error.js";
import type { ErrorFacts } from "./error-facts.js";

/** What an error means, before its wait is known. */
export interface Decision {
  readonly reason: ProviderError["reason"];
  readonly retryable: boolean;
  readonly failOver: FailOver;
  /** Whether the model wrote something that could not be used. */
  readonly generated?: boolean;
  /** Shown instead of the upstream's own text. */
  readonly message?: string;
}

const contextCodes = [
  "context_length_exceeded",
  "token_limit_exceeded",
  "string_too_long",
  "payload_too_large",
];
const contextMessage = /context (length|window|size)|maximum context|too many tokens|prompt is too long/i;
const modelCodes = [
  "model_not_found",
  "no_endpoints",
  "model_deprecated",
  "model_unavailable_upstream",
  "free_variant_ended",
];
const modelMessage = /not a valid model|model[^.]{0,120}(does not exist|not found|decommissioned)/i;
const rejected: Decision = { reason: "upstream_rejected", retryable: false, failOver: "none" };
const tooLong: Decision = { reason: "context_length_exceeded", retryable: false, failOver: "none" };
const unknownModel: Decision = { reason: "model_not_found", retryable: false, failOver: "any" };
const refused: Decision = { reason: "refused", retryable: false, failOver: "none" };
const upstreamFailed: Decision = { reason: "upstream_error", retryable: true, failOver: "any" };

/** What an error means with any provider that speaks OpenAI's dialect. */
export function decide(facts: ErrorFacts): Decision {
  const { status, codes, message } = facts;
  const has = (names: readonly string[]): boolean => names.some((name) => codes.has(name));
  if (codes.has("insufficient_quota")) return outOfCredit();
  if (facts.blocked) return refused;
  if (has(modelCodes) || (status === 400 && modelMessage.test(message))) return unknownModel;
  if (status === 413 || (status < 500 && has(contextCodes))) return tooLong;
  if (status === 400 && contextMessage.test(message)) return tooLong;
  switch (status) {
    case 401:
    case 403:
      return { ...keyRefused, message: `the provider refused Synod's key (HTTP ${status})` };
    case 402:
      return outOfCredit();
    case 404:
      return facts.understood ? unknownModel : wrongAddress();
    case 408:
    case 504:
    case 524:
      return { reason: "upstream_timeout", retryable: true, failOver: "any" };
    case 429:
      return { reason: "rate_limit_exceeded", retryable: true, failOver: "any" };
    case 498:
      return upstreamFailed;
    default:
      if (status >= 500) return upstreamFailed;
      if (status >= 400) return rejected;
      return { ...upstreamFailed, retryable: false, message: `the provider answered with HTTP ${status}` };
  }
}

const keyRefused: Decision = { reason: "provider_auth", retryable: false, failOver: "other_provider" };

function outOfCredit(): Decision {
  return { reason: "provider_credit", retryable: false, failOver: "other_provider" };
}

function wrongAddress(): Decision {
  return {
    reason: "upstream_error",
    retryable: false,
    failOver: "other_provider",
    message: "the provider has no such address (HTTP 404): check its base URL",
  };
}

/** An error made of its facts, of what was decided, and of the waits that the body and the headers ask for. */
export function toProviderError(
  facts: ErrorFacts,
  decision: Decision,
  headers: Headers,
  hintMs?: number,
): ProviderError {
  const wait = retryAfterMs(headers, Date.now()) ?? facts.retryAfterMs ?? hintMs;
  return {
    reason: decision.reason,
    message: decision.message ?? (facts.message || `the provider answered with HTTP ${facts.status}`),
    retryable: decision.retryable,
    ...(decision.retryable && wait !== undefined && { retryAfterMs: wait }),
    httpStatus: facts.status,
    failOver: decision.failOver,
    ...(decision.generated === true && { generated: true }),
  };
}

/** The headers of an error that has none of its own. */
export const noHeaders: Headers = () => undefined;
