import type { Failure, FailureReason } from "@synod/consensus";
import { failureOf } from "@synod/rpc";
import { paramOf } from "../failure.js";
import { mayBePaid } from "../paid.js";
import { HttpError } from "./http-error.js";

/** An error as a caller over HTTP sees it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Whether something was, or may have been, paid for it. */
  readonly paid: boolean;
  /** Milliseconds to wait before asking again, when known. Undefined when that would not help. */
  readonly retryAfterMs: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

type Class = readonly [status: number, type: string];

const badInput: Class = [400, "invalid_request_error"];
const badUpstream: Class = [502, "upstream_error"];
const noRoom: Class = [503, "overloaded"];
const tooLate: Class = [504, "timeout"];

const classes = {
  invalid_value: badInput,
  invalid_api_key: [401, "authentication_error"],
  model_not_found: [404, "invalid_request_error"],
  request_too_large: [413, "invalid_request_error"],
  context_length_exceeded: badInput,
  rate_limit_exceeded: [429, "rate_limit_error"],
  provider_auth: badUpstream,
  provider_credit: [503, "upstream_error"],
  provider_unreachable: badUpstream,
  provider_not_configured: [503, "upstream_error"],
  upstream_error: badUpstream,
  upstream_timeout: tooLate,
  invalid_upstream_response: badUpstream,
  upstream_rejected: badInput,
  refused: badInput,
  empty_answer: badUpstream,
  all_models_failed: badUpstream,
  quorum_not_met: noRoom,
  aggregator_unavailable: noRoom,
  judge_unavailable: noRoom,
  deadline_exceeded: tooLate,
  canceled: [499, "canceled"],
  overloaded: noRoom,
  inner_token: [500, "server_error"],
  internal: [500, "server_error"],
  service_unavailable: noRoom,
  storage_unavailable: noRoom,
  run_not_found: [404, "invalid_request_error"],
  run_cancelled: [409, "canceled"],
  data_loss: [500, "server_error"],
  budget_exceeded: [429, "rate_limit_error"],
  idempotency_in_progress: [409, "invalid_request_error"],
  idempotency_key_reused: [422, "invalid_request_error"],
} as const satisfies Record<FailureReason, Class>;

/** A failure as a caller over HTTP sees it. */
export function answerOfFailure(
  failure: Failure,
  { param = null, paid = false }: { readonly param?: string | null; readonly paid?: boolean } = {},
): ErrorAnswer {
  const [status, type] = classes[failure.reason];
  const isDefect = failure.reason === "internal" || failure.reason === "inner_token";
  const usualWaitMs = [429, 503].includes(status) ? 1_000 : undefined;
  return {
    status,
    type,
    code: failure.reason,
    message: isDefect
      ? "Something went wrong inside Synod. Its log says more under this request's id."
      : failure.message,
    param: param ?? (failure.reason === "model_not_found" ? "model" : null),
    retryable: failure.retryable,
    paid,
    retryAfterMs: failure.retryable ? (failure.retryAfterMs ?? usualWaitMs) : undefined,
    headers: status === 401 ? { "www-authenticate": "Bearer" } : {},
  };
}

/** Anything thrown as a caller over HTTP sees it. */
export function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof HttpError) {
    return {
      status: error.status,
      type: "invalid_request_error",
      code: error.code,
      message: error.message,
      param: null,
      retryable: false,
      paid: false,
      retryAfterMs: undefined,
      headers: error.headers,
    };
  }
  return answerOfFailure(failureOf(error), { param: paramOf(error), paid: mayBePaid(error) });
}

/** The `error` object of an answer. */
export function errorJson({ message, type, param, code }: ErrorAnswer): object {
  return { message, type, param, code };
}
