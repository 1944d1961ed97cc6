import type { FailureReason } from "@synod/consensus";

/**
 * What the client itself says of a call: no connection; one that broke, so that nobody knows what became of the call; what
 * answered is not Synod, or of another version. In a browser `unreachable` may be a connection that broke as well.
 */
export type ClientFault = "unreachable" | "connection_lost" | "invalid_response";

/** The case behind an error. It never changes its meaning; a newer server may know more of them. */
export type ErrorCode = FailureReason | ClientFault | (string & {});

/** What an error says. */
export interface ErrorFacts {
  readonly code: ErrorCode;
  readonly message: string;
  /** The Connect code. */
  readonly status: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly runId?: string | undefined;
  readonly field?: string | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** The one error that calls fail with. */
export class SynodClientError extends Error {
  override readonly name = "SynodClientError";
  /** The case. Example: `quorum_not_met`. */
  readonly code: ErrorCode;
  /** The class of the case: a Connect code. Example: `unavailable`. */
  readonly status: string;
  /**
   * Whether the same call can succeed later. Nothing was paid for it yet, unless the connection broke. False once the
   * caller's time is over, where the call costs something.
   */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds. Undefined when it is not known. */
  readonly retryAfterMs: number | undefined;
  /** The run that failed. Undefined when there was none. */
  readonly runId: string | undefined;
  /** The field of the request that is wrong. Undefined when none is. */
  readonly field: string | undefined;
  /** The name of the request in the server's log. Undefined when no server answered. */
  readonly requestId: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = facts.code;
    this.status = facts.status;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs;
    this.runId = facts.runId;
    this.field = facts.field;
    this.requestId = facts.requestId;
  }
}
