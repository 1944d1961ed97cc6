import { longestTimeoutMs } from "../limits.js";

/** The headers by which a call's context travels from service to service. */
export const contextHeaders = {
  requestId: "x-request-id",
  caller: "x-synod-caller",
  traceparent: "traceparent",
  tracestate: "tracestate",
  idempotencyKey: "idempotency-key",
} as const;

/** The header that carries the secret between the services. */
export const innerTokenHeader = "x-synod-inner-token";

/** What `new Headers()` takes. */
export type HeaderInit = ConstructorParameters<typeof Headers>[0];

const grpcTimeoutHeader = "grpc-timeout";
const connectTimeoutHeader = "connect-timeout-ms";
const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** How long the caller waits, in milliseconds. Undefined when it does not say, or says it wrongly: the transport refuses that. */
export function readTimeoutMs(header: Headers): number | undefined {
  const connect = header.get(connectTimeoutHeader);
  if (connect !== null) return /^\d{1,10}$/.test(connect) ? Number(connect) : undefined;
  const grpc = header.get(grpcTimeoutHeader);
  if (grpc === null) return undefined;
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(grpc) ?? [];
  return digits === undefined || unit === undefined ? undefined : Number(digits) * (unitMs[unit] ?? 1);
}

/** Shortens a timeout that no timer can wait for. Clients that mean forever send such ones. */
export function capTimeout(header: Headers): void {
  const timeoutMs = readTimeoutMs(header);
  if (timeoutMs === undefined || timeoutMs <= longestTimeoutMs) return;
  if (header.has(connectTimeoutHeader)) header.set(connectTimeoutHeader, String(longestTimeoutMs));
  else header.set(grpcTimeoutHeader, `${Math.floor(longestTimeoutMs / 1_000)}S`);
}

/** Says over gRPC how long the caller waits. */
export function writeGrpcTimeout(header: Headers, timeoutMs: number): void {
  const ms = Math.ceil(timeoutMs);
  // At most eight digits.
  header.set(grpcTimeoutHeader, ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1_000)}S`);
}

/** Says how long the caller waits. */
export function writeTimeoutMs(header: Headers, timeoutMs: number): void {
  header.set(connectTimeoutHeader, String(Math.floor(timeoutMs)));
}
