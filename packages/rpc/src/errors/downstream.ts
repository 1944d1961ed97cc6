import { Code, ConnectError } from "@connectrpc/connect";
import { encodeDetails, failureDetails } from "./details.js";
import { reasonOfError } from "./failure-of.js";
import { reasonOfCode, reasonRules } from "./reasons.js";
import { errorText } from "./text.js";

const downstream = Symbol("downstream");

/** Whether an error came from a call to another service: then it is translated before the own caller sees it. */
export function isDownstream(error: ConnectError): boolean {
  return downstream in error;
}

/**
 * What a client throws, made of what its transport threw: always a `ConnectError` with an `ErrorInfo`. Texts of the
 * transport, which may name addresses, are replaced; the original is the cause.
 */
export function fromDownstream(thrown: unknown): ConnectError {
  const original = ConnectError.from(thrown, Code.Unknown);
  if (isDownstream(original)) return original;
  const error = reasonOfError(original) === undefined ? withReason(original) : original;
  Object.defineProperty(error, downstream, { value: true });
  return error;
}

function withReason(original: ConnectError): ConnectError {
  const reason = reasonOfCode(original.code);
  const message = transportTexts[original.code] ?? errorText(original.rawMessage);
  const error = new ConnectError(message, original.code, original.metadata, undefined, original);
  const { retryable } = reasonRules[reason];
  error.details = [...encodeDetails(original), ...failureDetails({ reason, message, retryable })];
  return error;
}

const transportTexts: Readonly<Partial<Record<Code, string>>> = {
  [Code.Canceled]: "the call was canceled",
  [Code.Unknown]: "a service of Synod failed",
  [Code.DeadlineExceeded]: "the deadline passed",
  [Code.Internal]: "a service of Synod failed",
  [Code.Unavailable]: "a service of Synod could not be reached",
  [Code.DataLoss]: "a service of Synod failed",
};
