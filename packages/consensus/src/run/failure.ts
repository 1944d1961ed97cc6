/**
 * The case behind a failure: the names of `synod.error.v1.ErrorReason` without their prefix, in lower case, as they
 * stand in JSON (`error.code`).
 */
export type FailureReason =
  | "invalid_value"
  | "invalid_api_key"
  | "model_not_found"
  | "request_too_large"
  | "context_length_exceeded"
  | "rate_limit_exceeded"
  | "provider_auth"
  | "provider_credit"
  | "provider_unreachable"
  | "provider_not_configured"
  | "upstream_error"
  | "upstream_timeout"
  | "invalid_upstream_response"
  | "upstream_rejected"
  | "refused"
  | "empty_answer"
  | "all_models_failed"
  | "quorum_not_met"
  | "aggregator_unavailable"
  | "judge_unavailable"
  | "deadline_exceeded"
  | "canceled"
  | "overloaded"
  | "inner_token"
  | "internal"
  | "service_unavailable"
  | "storage_unavailable"
  | "run_not_found"
  | "run_cancelled"
  | "data_loss"
  | "budget_exceeded"
  | "idempotency_in_progress"
  | "idempotency_key_reused";

/** A failure as data. */
export interface Failure {
  readonly reason: FailureReason;
  /** What happened and what to do, for a person. Never a key or an upstream's HTML. */
  readonly message: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait before asking again, when known. */
  readonly retryAfterMs?: number;
  /** Whether something of an answer had been written that was thrown away, and is or may be paid for. False when unset. */
  readonly paidPartial?: boolean;
}

/** Why a run is given up that nobody waits for any more. */
export const callerLeft: Failure = {
  reason: "canceled",
  message: "The caller left before the answer was whole.",
  retryable: false,
};
