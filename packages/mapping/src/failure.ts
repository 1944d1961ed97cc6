import { create } from "@bufbuild/protobuf";
import type { Failure, FailureReason } from "@synod/consensus";
import { ErrorReason, type Failure as ProtoFailure, FailureSchema } from "@synod/contracts/error";
import { toMilliseconds, toNumber } from "./scalar.js";

const toProto = {
  invalid_value: ErrorReason.INVALID_VALUE,
  invalid_api_key: ErrorReason.INVALID_API_KEY,
  model_not_found: ErrorReason.MODEL_NOT_FOUND,
  request_too_large: ErrorReason.REQUEST_TOO_LARGE,
  context_length_exceeded: ErrorReason.CONTEXT_LENGTH_EXCEEDED,
  rate_limit_exceeded: ErrorReason.RATE_LIMIT_EXCEEDED,
  provider_auth: ErrorReason.PROVIDER_AUTH,
  provider_credit: ErrorReason.PROVIDER_CREDIT,
  provider_unreachable: ErrorReason.PROVIDER_UNREACHABLE,
  provider_not_configured: ErrorReason.PROVIDER_NOT_CONFIGURED,
  upstream_error: ErrorReason.UPSTREAM_ERROR,
  upstream_timeout: ErrorReason.UPSTREAM_TIMEOUT,
  invalid_upstream_response: ErrorReason.INVALID_UPSTREAM_RESPONSE,
  upstream_rejected: ErrorReason.UPSTREAM_REJECTED,
  refused: ErrorReason.REFUSED,
  empty_answer: ErrorReason.EMPTY_ANSWER,
  all_models_failed: ErrorReason.ALL_MODELS_FAILED,
  quorum_not_met: ErrorReason.QUORUM_NOT_MET,
  aggregator_unavailable: ErrorReason.AGGREGATOR_UNAVAILABLE,
  judge_unavailable: ErrorReason.JUDGE_UNAVAILABLE,
  deadline_exceeded: ErrorReason.DEADLINE_EXCEEDED,
  canceled: ErrorReason.CANCELED,
  overloaded: ErrorReason.OVERLOADED,
  inner_token: ErrorReason.INNER_TOKEN,
  internal: ErrorReason.INTERNAL,
  service_unavailable: ErrorReason.SERVICE_UNAVAILABLE,
  storage_unavailable: ErrorReason.STORAGE_UNAVAILABLE,
  run_not_found: ErrorReason.RUN_NOT_FOUND,
  run_cancelled: ErrorReason.RUN_CANCELLED,
  data_loss: ErrorReason.DATA_LOSS,
  budget_exceeded: ErrorReason.BUDGET_EXCEEDED,
  idempotency_in_progress: ErrorReason.IDEMPOTENCY_IN_PROGRESS,
  idempotency_key_reused: ErrorReason.IDEMPOTENCY_KEY_REUSED,
} as const satisfies Record<FailureReason, ErrorReason>;

const fromProto: Readonly<Record<ErrorReason, FailureReason>> = {
  [ErrorReason.UNSPECIFIED]: "internal",
  [ErrorReason.INVALID_VALUE]: "invalid_value",
  [ErrorReason.INVALID_API_KEY]: "invalid_api_key",
  [ErrorReason.MODEL_NOT_FOUND]: "model_not_found",
  [ErrorReason.REQUEST_TOO_LARGE]: "request_too_large",
  [ErrorReason.CONTEXT_LENGTH_EXCEEDED]: "context_length_exceeded",
  [ErrorReason.RATE_LIMIT_EXCEEDED]: "rate_limit_exceeded",
  [ErrorReason.PROVIDER_AUTH]: "provider_auth",
  [ErrorReason.PROVIDER_CREDIT]: "provider_credit",
  [ErrorReason.PROVIDER_UNREACHABLE]: "provider_unreachable",
  [ErrorReason.PROVIDER_NOT_CONFIGURED]: "provider_not_configured",
  [ErrorReason.UPSTREAM_ERROR]: "upstream_error",
  [ErrorReason.UPSTREAM_TIMEOUT]: "upstream_timeout",
  [ErrorReason.INVALID_UPSTREAM_RESPONSE]: "invalid_upstream_response",
  [ErrorReason.UPSTREAM_REJECTED]: "upstream_rejected",
  [ErrorReason.REFUSED]: "refused",
  [ErrorReason.EMPTY_ANSWER]: "empty_answer",
  [ErrorReason.ALL_MODELS_FAILED]: "all_models_failed",
  [ErrorReason.QUORUM_NOT_MET]: "quorum_not_met",
  [ErrorReason.AGGREGATOR_UNAVAILABLE]: "aggregator_unavailable",
  [ErrorReason.JUDGE_UNAVAILABLE]: "judge_unavailable",
  [ErrorReason.DEADLINE_EXCEEDED]: "deadline_exceeded",
  [ErrorReason.CANCELED]: "canceled",
  [ErrorReason.OVERLOADED]: "overloaded",
  [ErrorReason.INNER_TOKEN]: "inner_token",
  [ErrorReason.INTERNAL]: "internal",
  [ErrorReason.SERVICE_UNAVAILABLE]: "service_unavailable",
  [ErrorReason.STORAGE_UNAVAILABLE]: "storage_unavailable",
  [ErrorReason.RUN_NOT_FOUND]: "run_not_found",
  [ErrorReason.RUN_CANCELLED]: "run_cancelled",
  [ErrorReason.DATA_LOSS]: "data_loss",
  [ErrorReason.BUDGET_EXCEEDED]: "budget_exceeded",
  [ErrorReason.IDEMPOTENCY_IN_PROGRESS]: "idempotency_in_progress",
  [ErrorReason.IDEMPOTENCY_KEY_REUSED]: "idempotency_key_reused",
};

/** The contract's value of a reason. */
export function toProtoReason(reason: FailureReason): ErrorReason {
  return toProto[reason];
}

/** The reason behind the contract's value. One that is unspecified or of a newer build is `internal`. */
export function fromProtoReason(reason: ErrorReason): FailureReason {
  const plain: FailureReason | undefined = fromProto[reason];
  return plain ?? "internal";
}

/** A failure as the contract has it. A waiting time is rounded to whole milliseconds. */
export function toProtoFailure(failure: Failure): ProtoFailure {
  return create(FailureSchema, {
    reason: toProtoReason(failure.reason),
    message: failure.message,
    retryable: failure.retryable,
    retryAfterMs:
      failure.retryAfterMs === undefined
        ? undefined
        : toMilliseconds(failure.retryAfterMs, "failure.retry_after_ms"),
    paidPartial: failure.paidPartial ?? false,
  });
}

/**
 * A failure from the contract.
 *
 * @throws MappingError when its waiting time is beyond 2^53 - 1.
 */
export function fromProtoFailure(failure: ProtoFailure): Failure {
  return {
    reason: fromProtoReason(failure.reason),
    message: failure.message,
    retryable: failure.retryable,
    ...(failure.retryAfterMs !== undefined && {
      retryAfterMs: toNumber(failure.retryAfterMs, "failure.retry_after_ms"),
    }),
    ...(failure.paidPartial && { paidPartial: true }),
  };
}

/** A failure that may not be there, as the contract has it. */
export function toProtoFailureOrUnset(failure: Failure | null): ProtoFailure | undefined {
  return failure === null ? undefined : toProtoFailure(failure);
}

/** A failure that may not be there, from the contract. */
export function fromProtoFailureOrNull(failure: ProtoFailure | undefined): Failure | null {
  return failure === undefined ? null : fromProtoFailure(failure);
}
