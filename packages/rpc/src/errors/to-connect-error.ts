import { Code, ConnectError } from "@connectrpc/connect";
import type { Failure } from "@synod/consensus";
import type { SpentUsage } from "@synod/contracts/provider";
import {
  capDetails,
  type EncodedDetail,
  encodeDetails,
  failureDetails,
  spentDetail,
  synodErrorDetails,
} from "./details.js";
import { isDownstream } from "./downstream.js";
import { errorMetadata, failureOf, internalMessage, reasonOfError } from "./failure-of.js";
import { reasonRules } from "./reasons.js";
import { spentIn } from "./spent-of.js";
import { SynodError } from "./synod-error.js";

/**
 * What a caller is told of whatever was thrown: a `ConnectError` with an `ErrorInfo` of the domain `synod`, details of at
 * most 8 KiB, and neither metadata nor a cause.
 *
 * An unknown throw becomes `internal`, its text kept back. An error of another service is told anew: its failure crosses,
 * and what was spent; the rest of it does not.
 */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof SynodError) return build(error.failure, synodErrorDetails(error));
  if (!(error instanceof ConnectError)) {
    const failure = failureOf(error);
    return build(failure, failureDetails(failure));
  }
  const failure = failureOf(error);
  if (isDownstream(error)) return translate(failure, errorMetadata(error), spentIn(error));
  const details = encodeDetails(error);
  if (reasonOfError(error) === undefined) details.unshift(...failureDetails(failure));
  return build(failure, details, error.code);
}

function translate(
  failure: Failure,
  metadata: Record<string, string>,
  spent: SpentUsage | undefined,
): ConnectError {
  const paid = spent === undefined ? [] : [spentDetail(spent)];
  // The caller's credentials are fine: it is this service that could not use the other one.
  if (failure.reason === "inner_token" || failure.reason === "internal") {
    const hidden: Failure = { reason: failure.reason, message: internalMessage, retryable: false };
    return build(hidden, [...failureDetails(hidden), ...paid], Code.Internal);
  }
  return build(failure, [...failureDetails(failure, metadata), ...paid]);
}

function build(
  failure: Failure,
  details: readonly EncodedDetail[],
  code: Code = reasonRules[failure.reason].code,
): ConnectError {
  const error = new ConnectError(failure.message, code);
  error.details = capDetails(details);
  return error;
}
