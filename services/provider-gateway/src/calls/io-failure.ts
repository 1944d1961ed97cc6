import { UpstreamIoError, type UpstreamIoErrorKind } from "@synod/upstream-http";
import { type FailOver, type ProviderError, ProviderFailure } from "../providers/provider-error.js";

interface Rule {
  readonly reason: ProviderError["reason"];
  readonly retryable: boolean;
  readonly failOver: FailOver;
}

const unreachable: Rule = { reason: "provider_unreachable", retryable: true, failOver: "any" };
const invalid: Rule = { reason: "invalid_upstream_response", retryable: true, failOver: "any" };
const late: Rule = { reason: "upstream_timeout", retryable: true, failOver: "any" };

/** What a broken call means, before the first token. */
const rules: Readonly<Record<UpstreamIoErrorKind, Rule>> = {
  refused: unreachable,
  dns: unreachable,
  unreachable,
  connect_timeout: unreachable,
  tls: { ...unreachable, retryable: false },
  reset: { reason: "upstream_error", retryable: true, failOver: "any" },
  first_token_timeout: late,
  idle_timeout: late,
  // No time is left to ask anybody else.
  total_timeout: { ...late, failOver: "none" },
  too_large: invalid,
  encoding: invalid,
  protocol: invalid,
  aborted: { reason: "canceled", retryable: false, failOver: "none" },
  closed: { reason: "overloaded", retryable: true, failOver: "none" },
};

const defect: ProviderError = {
  reason: "internal",
  message: "internal error",
  retryable: false,
  failOver: "none",
};

/** Whether an error is one of a call. Anything else is a defect of ours, to be thrown on. */
export function isCallError(error: unknown): error is ProviderFailure | UpstreamIoError {
  return error instanceof ProviderFailure || error instanceof UpstreamIoError;
}

/** Whatever ended a call, as a `ProviderError`; a defect is `internal`. */
export function toCallError(error: unknown): ProviderError {
  if (error instanceof ProviderFailure) return error.error;
  if (error instanceof UpstreamIoError) return { ...rules[error.kind], message: error.message };
  return defect;
}
