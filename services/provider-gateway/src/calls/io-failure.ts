import { UpstreamIoError, type UpstreamIoErrorKind } from "@synod/upstream-http";
import {
  invalidResponse,
  type ProviderError,
  ProviderFailure,
  unrepeatable,
} from "../providers/provider-error.js";

type Rule = Omit<ProviderError, "message">;

const unreachable: Rule = {
  reason: "provider_unreachable",
  retryable: true,
  failOver: "any",
  repeats: 2,
  blames: "target",
};
/** What it cost is not known, so the same target is not asked again. */
const late: Rule = {
  reason: "upstream_timeout",
  retryable: true,
  failOver: "any",
  repeats: 0,
  blames: "target",
};
const unreadable: Rule = invalidResponse("");

/** What a broken call means, before the first token. */
const rules: Readonly<Record<UpstreamIoErrorKind, Rule>> = {
  refused: unreachable,
  dns: unreachable,
  unreachable,
  // It is ours, and others give theirs back.
  no_room: { ...unreachable, reason: "overloaded", failOver: "none", blames: "nobody" },
  connect_timeout: unreachable,
  // Whoever has the wrong certificate for one model has it for all.
  tls: { ...unreachable, retryable: false, failOver: "other_provider", repeats: 0 },
  reset: { ...unreachable, reason: "upstream_error" },
  first_token_timeout: late,
  idle_timeout: late,
  // No time is left to ask anybody else. How much there was is the caller's choice, so it speaks against nobody.
  total_timeout: { ...late, failOver: "none", blames: "nobody" },
  // The model wrote it, so it is paid for.
  too_large: { ...unreadable, repeats: 0 },
  encoding: unreadable,
  protocol: unreadable,
  aborted: { ...unrepeatable, reason: "canceled" },
  closed: { ...unrepeatable, reason: "overloaded", retryable: true },
};

const defect: ProviderError = { ...unrepeatable, reason: "internal", message: "internal error" };

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
