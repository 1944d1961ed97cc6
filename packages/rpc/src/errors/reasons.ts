import { Code } from "@connectrpc/connect";
import type { FailureReason } from "@synod/consensus";
import { ErrorReason } from "@synod/contracts/error";

/** What a reason means for a call that fails with it. */
interface ReasonRule {
  /** Its number in `synod.error.v1`. */
  readonly proto: ErrorReason;
  /** The class of the error. */
  readonly code: Code;
  /** Whether the same request can succeed later, when the thrower does not say. */
  readonly retryable: boolean;
}

/** The one mapping: reason <-> `ErrorReason` <-> Connect code. The compiler names a reason that is missing. */
export const reasonRules: Readonly<Record<FailureReason, ReasonRule>> = {
  invalid_value: { proto: ErrorReason.INVALID_VALUE, code: Code.InvalidArgument, retryable: false },
  invalid_api_key: { proto: ErrorReason.INVALID_API_KEY, code: Code.Unauthenticated, retryable: false },
  model_not_found: { proto: ErrorReason.MODEL_NOT_FOUND, code: Code.NotFound, retryable: false },
  request_too_large: { proto: ErrorReason.REQUEST_TOO_LARGE, code: Code.ResourceExhausted, retryable: false },
  context_length_exceeded: {
    proto: ErrorReason.CONTEXT_LENGTH_EXCEEDED,
    code: Code.InvalidArgument,
    retryable: false,
  },
  rate_limit_exceeded: {
    proto: ErrorReason.RATE_LIMIT_EXCEEDED,
    code: Code.ResourceExhausted,
    retryable: true,
  },
  provider_auth: { proto: ErrorReason.PROVIDER_AUTH, code: Code.Unavailable, retryable: false },
  provider_credit: { proto: ErrorReason.PROVIDER_CREDIT, code: Code.Unavailable, retryable: false },
  provider_unreachable: { proto: ErrorReason.PROVIDER_UNREACHABLE, code: Code.Unavailable, retryable: true },
  provider_not_configured: {
    proto: ErrorReason.PROVIDER_NOT_CONFIGURED,
    code: Code.FailedPrecondition,
    retryable: false,
  },
  upstream_error: { proto: ErrorReason.UPSTREAM_ERROR, code: Code.Unavailable, retryable: true },
  upstream_timeout: { proto: ErrorReason.UPSTREAM_TIMEOUT, code: Code.DeadlineExceeded, retryable: true },
  invalid_upstream_response: {
    proto: ErrorReason.INVALID_UPSTREAM_RESPONSE,
    code: Code.Unavailable,
    retryable: true,
  },
  upstream_rejected: {
    proto: ErrorReason.UPSTREAM_REJECTED,
    code: Code.FailedPrecondition,
    retryable: false,
  },
  refused: { proto: ErrorReason.REFUSED, code: Code.FailedPrecondition, retryable: false },
  empty_answer: { proto: ErrorReason.EMPTY_ANSWER, code: Code.Unavailable, retryable: true },
  all_models_failed: { proto: ErrorReason.ALL_MODELS_FAILED, code: Code.Unavailable, retryable: true },
  quorum_not_met: { proto: ErrorReason.QUORUM_NOT_MET, code: Code.Unavailable, retryable: true },
  aggregator_unavailable: {
    proto: ErrorReason.AGGREGATOR_UNAVAILABLE,
    code: Code.Unavailable,
    retryable: true,
  },
  judge_unavailable: { proto: ErrorReason.JUDGE_UNAVAILABLE, code: Code.Unavailable, retryable: true },
  deadline_exceeded: { proto: ErrorReason.DEADLINE_EXCEEDED, code: Code.DeadlineExceeded, retryable: true },
  canceled: { proto: ErrorReason.CANCELED, code: Code.Canceled, retryable: false },
  overloaded: { proto: ErrorReason.OVERLOADED, code: Code.Unavailable, retryable: true },
  inner_token: { proto: ErrorReason.INNER_TOKEN, code: Code.Unauthenticated, retryable: false },
  internal: { proto: ErrorReason.INTERNAL, code: Code.Internal, retryable: false },
  service_unavailable: { proto: ErrorReason.SERVICE_UNAVAILABLE, code: Code.Unavailable, retryable: true },
  storage_unavailable: { proto: ErrorReason.STORAGE_UNAVAILABLE, code: Code.Unavailable, retryable: true },
  run_not_found: { proto: ErrorReason.RUN_NOT_FOUND, code: Code.NotFound, retryable: false },
  run_cancelled: { proto: ErrorReason.RUN_CANCELLED, code: Code.Aborted, retryable: false },
  data_loss: { proto: ErrorReason.DATA_LOSS, code: Code.DataLoss, retryable: false },
  budget_exceeded: { proto: ErrorReason.BUDGET_EXCEEDED, code: Code.ResourceExhausted, retryable: false },
  idempotency_in_progress: {
    proto: ErrorReason.IDEMPOTENCY_IN_PROGRESS,
    code: Code.Aborted,
    retryable: true,
  },
  idempotency_key_reused: {
    proto: ErrorReason.IDEMPOTENCY_KEY_REUSED,
    code: Code.InvalidArgument,
    retryable: false,
  },
};

const codeReasons: Readonly<Record<Code, FailureReason>> = {
  [Code.Canceled]: "canceled",
  [Code.Unknown]: "internal",
  [Code.InvalidArgument]: "invalid_value",
  [Code.DeadlineExceeded]: "deadline_exceeded",
  [Code.NotFound]: "model_not_found",
  [Code.AlreadyExists]: "invalid_value",
  [Code.PermissionDenied]: "invalid_api_key",
  // Without a reason it comes from a transport, and there it always means the size of a message.
  [Code.ResourceExhausted]: "request_too_large",
  [Code.FailedPrecondition]: "invalid_value",
  [Code.Aborted]: "overloaded",
  [Code.OutOfRange]: "invalid_value",
  [Code.Unimplemented]: "internal",
  [Code.Internal]: "internal",
  [Code.Unavailable]: "service_unavailable",
  [Code.DataLoss]: "internal",
  [Code.Unauthenticated]: "invalid_api_key",
};

/** The reason of an error that has none. */
export function reasonOfCode(code: Code): FailureReason {
  return codeReasons[code];
}

/** A reason as it travels in `google.rpc.ErrorInfo`: `quorum_not_met` -> `QUORUM_NOT_MET`. */
export function reasonToInfo(reason: FailureReason): string {
  return ErrorReason[reasonRules[reason].proto];
}

/** The reason of a `google.rpc.ErrorInfo`. Undefined when it is of a newer version. */
export function reasonFromInfo(info: string): FailureReason | undefined {
  const reason = info.toLowerCase();
  return isReason(reason) ? reason : undefined;
}

function isReason(text: string): text is FailureReason {
  return Object.hasOwn(reasonRules, text);
}
