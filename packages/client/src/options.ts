/** Where Synod is and how it is called. */
export interface ClientOptions {
  /** Example: `http://127.0.0.1:8080`. Without `/v1`. */
  readonly baseUrl: string;
  /** The caller's key. None when unset. It is sent in a header and stands in no error. */
  readonly apiKey?: string;
  /** What carries the calls. Default: the platform's own `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** As of a call, for calls that do not say. */
  readonly timeoutMs?: number;
  /** As of a call, for calls that do not say. */
  readonly retries?: number;
}

/** What every call may say. */
export interface CallOptions {
  /** Ends the call, which then fails with `canceled`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that the caller is ready to wait, retries included, 1 to 3,600,000. It is the deadline of a run too:
   * shortly before it is over, the best answer so far comes, where there is one. Default: 300,000; for `runEvents`
   * 3,600,000.
   */
  readonly timeoutMs?: number;
  /**
   * 1 to 255 visible ASCII characters that name this question. The same key with the same question is carried out and
   * paid once; every further call gets the same answer, for 24 hours. A run with a key goes on when its caller leaves.
   * For `chat` and `streamChat`; a stream that is told again has no events of the run.
   */
  readonly idempotencyKey?: string;
  /**
   * How often a call that failed is made again, 0 or more. Default: 0. Only what the server calls `retryable` is; after a
   * connection that broke a chat is made again only with an `idempotencyKey`, since it may be paid already; a stream is
   * begun again only while nothing of it has come.
   */
  readonly retries?: number;
}
