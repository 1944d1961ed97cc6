import { durationMs } from "@bufbuild/protobuf/wkt";
import { ConnectError } from "@connectrpc/connect";
import type { Failure, FailureReason } from "@synod/consensus";
import { type ErrorInfo, ErrorInfoSchema, RetryInfoSchema } from "@synod/contracts/rpc-details";
import { errorDomain, paidPartialKey, retryableKey } from "./details.js";
import { reasonFromInfo, reasonOfCode, reasonRules } from "./reasons.js";
import { SynodError } from "./synod-error.js";
import { errorText } from "./text.js";

/** What is said to the outside of a defect, whatever its own text. */
export const internalMessage = "internal error";

/**
 * Whatever was caught, as data: from a `SynodError`; from a client's error by its `ErrorInfo` and `RetryInfo`, else by its
 * code; an `AbortError` is `canceled`, a `TimeoutError`
 * `deadline_exceeded`; anything else is `internal`, its text kept back.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof SynodError) return error.failure;
  if (error instanceof ConnectError) return failureOfConnect(error);
  const name = error instanceof Error ? error.name : "";
  if (name === "AbortError")
    return { reason: "canceled", message: "the call was canceled", retryable: false };
  if (name === "TimeoutError") {
    return { reason: "deadline_exceeded", message: "the deadline passed", retryable: true };
  }
  return { reason: "internal", message: internalMessage, retryable: false };
}

/** The reason that an error of Synod carries. Undefined when something else made the error. */
export function reasonOfError(error: ConnectError): FailureReason | undefined {
  const info = synodInfo(error);
  return info === undefined ? undefined : reasonFromInfo(info.reason);
}

/** The facts for programs that an error carries, without those that its failure holds. */
export function errorMetadata(error: ConnectError): Record<string, string> {
  const { [retryableKey]: _, [paidPartialKey]: __, ...metadata } = synodInfo(error)?.metadata ?? {};
  return metadata;
}

function synodInfo(error: ConnectError): ErrorInfo | undefined {
  return error.findDetails(ErrorInfoSchema).find((info) => info.domain === errorDomain);
}

function failureOfConnect(error: ConnectError): Failure {
  const info = synodInfo(error);
  const reason = (info && reasonFromInfo(info.reason)) ?? reasonOfCode(error.code);
  const retryable = info?.metadata[retryableKey];
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    reason,
    message: errorText(error.rawMessage),
    retryable: retryable === undefined ? reasonRules[reason].retryable : retryable === "true",
    ...(delay === undefined ? {} : { retryAfterMs: durationMs(delay) }),
    ...(info?.metadata[paidPartialKey] === "true" && { paidPartial: true }),
  };
}
