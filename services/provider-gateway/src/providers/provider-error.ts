import type { FailureReason } from "@synod/consensus";
import type { SpentUsage } from "@synod/contracts/provider";

/**
 * Who may be asked instead.
 *
 * - `none`: nobody; the request itself is at fault, or money was spent.
 * - `other_provider`: a model of another provider; this provider would answer the same.
 * - `any`: any model.
 */
export type FailOver = "none" | "other_provider" | "any";

/** What went wrong with an upstream call. Decided once, where status, headers and body are known. */
export interface ProviderError {
  readonly reason: FailureReason;
  /** For a person, at most 1 KiB: never a key, markup or an address. */
  readonly message: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Milliseconds that the upstream asks to wait, when it says so. */
  readonly retryAfterMs?: number;
  /** The upstream's status, or the one that an error inside a 200 stands for. Unset when there was none. */
  readonly httpStatus?: number;
  readonly failOver: FailOver;
  /** Whether the upstream says that the model wrote something that could not be used: that is charged. False when unset. */
  readonly generated?: boolean;
}

/** A `ProviderError` on its way up. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly error: ProviderError;

  /** What the question cost, this failure included. Unset while it is not known, and when nothing was asked. */
  readonly spent: SpentUsage | undefined;

  constructor(error: ProviderError, options: { cause?: unknown; spent?: SpentUsage } = {}) {
    super(error.message, { cause: options.cause });
    this.spent = options.spent;
    this.error = error;
  }
}

/** A request that cannot be written for a provider: refused before any call. */
export function invalidRequest(message: string, failOver: FailOver = "none"): ProviderFailure {
  return new ProviderFailure({ reason: "invalid_value", message, retryable: false, failOver });
}

/** An answer of an upstream that cannot be read. */
export function invalidResponse(message: string): ProviderError {
  return { reason: "invalid_upstream_response", message, retryable: true, failOver: "any" };
}

/** The end of a call whose caller left. */
export function callerLeft(): ProviderError {
  return { reason: "canceled", message: "the caller left", retryable: false, failOver: "none" };
}
