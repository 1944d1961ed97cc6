import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  BadRequestSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  RetryInfoSchema,
  ViolationsSchema,
} from "@synod/contracts/rpc-details";
import { MappingError } from "@synod/mapping";
import { type ClientFault, type ErrorCode, type ErrorFacts, SynodClientError } from "./error.js";

/** The call in which something was caught. */
export interface FailedCall {
  readonly baseUrl: string;
  /** Whether nothing had come of it yet. */
  readonly opening: boolean;
  /** Whether the caller has ended it. */
  readonly canceled: boolean;
  /** Whether it may be made again whatever became of it: nothing is paid for it. */
  readonly isFree: boolean;
}

/** Whatever a call has thrown, as the client's error. */
export function toClientError(thrown: unknown, call: FailedCall): SynodClientError {
  if (thrown instanceof SynodClientError) return thrown;
  if (call.canceled) return canceled();
  if (thrown instanceof MappingError) return fault("invalid_response", call, thrown.message, thrown);
  const error = ConnectError.from(thrown);
  const info = error.findDetails(ErrorInfoSchema).find(({ domain }) => domain === "synod");
  return info === undefined ? unnamed(error, call) : named(error, info);
}

/** What a call fails with that its caller has ended. */
export function canceled(): SynodClientError {
  const message = "The caller has ended the call.";
  return new SynodClientError({ code: "canceled", message, status: "canceled", retryable: false });
}

/** A value of the request that cannot be sent. */
export function invalidField(field: string, message: string, cause?: unknown): SynodClientError {
  return new SynodClientError({
    code: "invalid_value",
    message,
    status: "invalid_argument",
    retryable: false,
    field,
    cause,
  });
}

/** An error that the server has named. */
function named(error: ConnectError, { reason, metadata }: ErrorInfo): SynodClientError {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return new SynodClientError({
    ...factsOf(error),
    code: reason.toLowerCase(),
    retryable: metadata["retryable"] === "true",
    retryAfterMs: delay === undefined ? undefined : durationMs(delay),
    runId: metadata["run_id"],
    field: fieldOf(error),
  });
}

/** An error that comes from between the two, or from something that is not Synod. */
function unnamed(error: ConnectError, call: FailedCall): SynodClientError {
  const code = transportCodes[error.code];
  if (code !== undefined) {
    const retryable = code === "deadline_exceeded" && call.isFree;
    return new SynodClientError({ ...factsOf(error), code, retryable });
  }
  // A proxy that has lost the server, as HTTP 502, 503 or 504.
  if (error.code === Code.Unavailable) return fault("connection_lost", call, error.rawMessage, error);
  // Connect reports a broken connection as a TypeError of fetch, and an early end of a stream as a text.
  if (error.cause instanceof TypeError) return unconnected(error.cause, call, error);
  if (typeof error.cause === "string") return fault("connection_lost", call, error.cause, error);
  return fault("invalid_response", call, error.rawMessage, error);
}

const transportCodes: Partial<Record<Code, ErrorCode>> = {
  [Code.DeadlineExceeded]: "deadline_exceeded",
  [Code.ResourceExhausted]: "request_too_large",
};

/** What Node says where nothing of a call can have been sent. Everything else may have come after it was. */
const unsent: readonly string[] = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "bad port",
];

function unconnected(failed: TypeError, call: FailedCall, error: ConnectError): SynodClientError {
  const reason = reasonOf(failed);
  const isUnreachable = call.opening && (reason === undefined || unsent.includes(reason));
  // Browsers do not tell the two apart.
  const detail = reason ?? `${isUnreachable ? "or the connection to it broke: " : ""}${failed.message}`;
  return fault(isUnreachable ? "unreachable" : "connection_lost", call, detail, error);
}

const faults = {
  unreachable: ({ baseUrl }, detail) => `${baseUrl} cannot be reached (${detail}).`,
  connection_lost: ({ baseUrl }, detail) => `The connection to ${baseUrl} broke (${detail}).`,
  invalid_response: ({ baseUrl }, detail) =>
    `${baseUrl} does not answer as this version of Synod does (${detail}).`,
} as const satisfies Record<ClientFault, (call: FailedCall, detail: string) => string>;

function fault(code: ClientFault, call: FailedCall, detail: string, cause: unknown): SynodClientError {
  const isBroken = code !== "invalid_response";
  return new SynodClientError({
    code,
    message: faults[code](call, detail),
    status: isBroken ? "unavailable" : "unknown",
    retryable: isBroken,
    requestId: cause instanceof ConnectError ? requestIdOf(cause) : undefined,
    cause,
  });
}

function factsOf(error: ConnectError): Pick<ErrorFacts, "message" | "status" | "requestId" | "cause"> {
  const status = Code[error.code].replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  return { message: error.rawMessage, status, requestId: requestIdOf(error), cause: error };
}

function requestIdOf({ metadata }: ConnectError): string | undefined {
  return metadata.get("x-request-id") ?? undefined;
}

function fieldOf(error: ConnectError): string | undefined {
  const [bad] = error.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations);
  if (bad !== undefined) return bad.field;
  const [violation] = error.findDetails(ViolationsSchema).flatMap(({ violations }) => violations);
  return violation?.field?.elements.map(({ fieldName }) => fieldName).join(".");
}

/** Why a fetch failed, as Node names it one level deeper. Undefined where the platform does not say. */
function reasonOf({ cause }: TypeError): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return code || cause.message || undefined;
}
