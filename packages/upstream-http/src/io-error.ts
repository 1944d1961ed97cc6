/**
 * Why a call of an upstream broke.
 *
 * - `refused`, `dns`, `unreachable`, `connect_timeout`, `tls`: no connection came about.
 * - `no_room`: nor could one, since this process holds as many as it may.
 * - `reset`: the connection broke.
 * - `first_token_timeout`, `idle_timeout`, `total_timeout`: one of the call's timers.
 * - `too_large`: the body or a line of it is over its limit.
 * - `encoding`: the body's compression is unknown or broken.
 * - `protocol`: what came is not HTTP, or the request could not be written as HTTP.
 * - `aborted`: the caller left.
 * - `closed`: the client was disposed.
 */
export type UpstreamIoErrorKind =
  | "refused"
  | "dns"
  | "unreachable"
  | "no_room"
  | "connect_timeout"
  | "tls"
  | "reset"
  | "first_token_timeout"
  | "idle_timeout"
  | "total_timeout"
  | "too_large"
  | "encoding"
  | "protocol"
  | "aborted"
  | "closed";

/** A call of an upstream that broke. Its message holds no address, no header and nothing of a body. */
export class UpstreamIoError extends Error {
  override readonly name = "UpstreamIoError";
  readonly kind: UpstreamIoErrorKind;
  /** Whether the upstream may have received the request. False: it certainly has not, so it costs nothing. */
  readonly sent: boolean;

  constructor(kind: UpstreamIoErrorKind, message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.sent = options.sent;
  }
}

const messages = {
  refused: "the upstream refused the connection",
  dns: "the upstream's name was not found",
  unreachable: "the upstream's network cannot be reached",
  no_room: "no more connections can be opened at the moment",
  connect_timeout: "no connection to the upstream came about in time",
  tls: "the upstream's TLS certificate was not accepted",
  reset: "the upstream broke the connection",
  closed: "the service is stopping",
  protocol: "the upstream does not speak HTTP as agreed",
} as const satisfies Partial<Record<UpstreamIoErrorKind, string>>;

const kindOfCode: Readonly<Record<string, keyof typeof messages>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EMFILE: "no_room",
  ENFILE: "no_room",
  ETIMEDOUT: "connect_timeout",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_DESTROYED: "closed",
  UND_ERR_CLOSED: "closed",
};

const isTlsCode = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/.test(code);

/**
 * The error of a library as one of ours.
 *
 * @param sent whether the request had been given to a connection.
 */
export function toIoError(error: unknown, sent: boolean): UpstreamIoError {
  if (error instanceof UpstreamIoError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const kind = kindOfCode[code] ?? (isTlsCode(code) ? "tls" : "protocol");
  return new UpstreamIoError(kind, messages[kind], { sent, cause: error });
}
