import type { FailureReason } from "@synod/consensus";
import type { SpentUsage } from "@synod/contracts/provider";

/**
 * Who may be asked instead.
 *
 * - `none`: nobody; the request itself is at fault, or money was spent.
 * - `other_provider`: a model of another provider; this provider would answer the same.
 * - `larger_context`: a model that is known to take more tokens.
 * - `any`: any model.
 */
export type FailOver = "none" | "other_provider" | "larger_context" | "any";

/**
 * Whom a failure speaks against, and so what is spared until it passes.
 *
 * - `nobody`: the request, the caller or chance.
 * - `target`: the model with this key; after several in a row its breaker opens.
 * - `model_limit`: the model with this key, until its limit resets.
 * - `key_limit`: everything behind this key, until its limit resets.
 * - `key`: this key, until the provider takes it again.
 */
export type Blame = "nobody" | "target" | "model_limit" | "key_limit" | "key";

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
  /** How often the same target may be asked again for the same question: 0, 1 or 2 times. */
  readonly repeats: 0 | 1 | 2;
  readonly blames: Blame;
  /** Whether the provider's cheap tier has no room: its ordinary one is asked for a while. False when unset. */
  readonly tierFull?: boolean;
  /** The beginning of a body that nobody could read, for the log alone: never shown to a caller. */
  readonly snippet?: string;
  /** Whether the upstream says that the model wrote something that could not be used: that is charged. False when unset. */
  readonly generated?: boolean;
  /** Whether something of an answer had come that is thrown away. False when unset. */
  readonly partial?: boolean;
}

/**
 * Whether somebody else is to be asked before the same target is asked again: its limit is used up, or it cannot be
 * reached, while another may answer now.
 */
export function othersFirst({ reason, retryable }: ProviderError): boolean {
  return retryable && (reason === "rate_limit_exceeded" || reason === "provider_unreachable");
}

/** A `ProviderError` on its way up. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly error: ProviderError;

  /** What the question cost, this failure included. Unset while it is not known, and when nothing was asked. */
  readonly spent: SpentUsage | undefined;

  /** The ids of the models that the caller may ask instead, in their order. Empty when they were asked here. */
  readonly askInstead: readonly string[];

  constructor(
    error: ProviderError,
    options: { cause?: unknown; spent?: SpentUsage; askInstead?: readonly string[] } = {},
  ) {
    super(error.message, { cause: options.cause });
    this.spent = options.spent;
    this.askInstead = options.askInstead ?? [];
    this.error = error;
  }
}

/** What an error is unless it says otherwise: the request's own fault, which nobody else can mend. */
export const unrepeatable = {
  retryable: false,
  failOver: "none",
  repeats: 0,
  blames: "nobody",
} as const satisfies Partial<ProviderError>;

/** A request that cannot be written for a provider: refused before any call. */
export function invalidRequest(message: string, failOver: FailOver = "none"): ProviderFailure {
  return new ProviderFailure({ ...unrepeatable, reason: "invalid_value", message, failOver });
}

/** An answer of an upstream that cannot be read. */
export function invalidResponse(message: string): ProviderError {
  return {
    reason: "invalid_upstream_response",
    message,
    retryable: true,
    failOver: "any",
    repeats: 1,
    blames: "target",
  };
}

/** The end of a call whose caller left. */
export function callerLeft(): ProviderError {
  return { ...unrepeatable, reason: "canceled", message: "the caller left" };
}
