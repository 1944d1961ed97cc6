/** What a listener holds at most. */
export interface ServerLimits {
  /** The largest request message, in bytes. 16 MiB when unset. */
  readonly readMaxBytes?: number;
  /** The largest response message, in bytes. 16 MiB when unset. */
  readonly writeMaxBytes?: number;
  /** How many calls one HTTP/2 connection may carry at once. 1,024 when unset. */
  readonly maxStreamsPerConnection?: number;
  /** How long the head of an HTTP/1.1 request may take, in milliseconds. 15,000 when unset. */
  readonly headersTimeoutMs?: number;
  /** How long a whole request may take to arrive, in milliseconds; over HTTP/2: one of a call with a single message. 30,000 when unset. */
  readonly requestTimeoutMs?: number;
  /** How long a reader may take nothing of what is ready for it, in milliseconds. Then it is cut off. 60,000 when unset. */
  readonly stalledMs?: number;
  /** Whether requests are looked at before they are decoded, as `findJsonExcess` does. False when unset. */
  readonly strangers?: boolean;
}

/**
 * The limits of a service that none but other services of Synod call: each of them opens one connection, for all its
 * callers together.
 */
export const innerLimits: ServerLimits = { maxStreamsPerConnection: 65_536 };
