import type { Failure, FailureReason } from "@synod/consensus";
import type { SpentUsage } from "@synod/contracts/provider";
import { reasonRules } from "./reasons.js";
import { errorText } from "./text.js";

/** What a `SynodError` is made of. */
export interface SynodErrorInit {
  /** The case. */
  readonly reason: FailureReason;
  /** What happened and what to do, for the caller. Cut at 1,024 characters. Never a key, an address or an upstream's HTML. */
  readonly message: string;
  /** Whether the same request can succeed later. As usual for the reason when unset. */
  readonly retryable?: boolean | undefined;
  /** Milliseconds to wait before asking again. */
  readonly retryAfterMs?: number | undefined;
  /** Whether something of an answer had been written that was thrown away, and is or may be paid for. */
  readonly paidPartial?: boolean | undefined;
}

/** What else a `SynodError` carries. */
export interface SynodErrorOptions {
  /** Further facts for programs, such as `{ model: "groq/x" }`; keys of letters, digits, `-` and `_`. They reach the caller. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Fields of the request that are wrong. They reach the caller. */
  readonly fieldViolations?: readonly { readonly field: string; readonly description: string }[];
  /** What was spent on upstream calls until then. It reaches the caller. */
  readonly spent?: SpentUsage | undefined;
  /** What caused it, for the log. It never reaches the caller. */
  readonly cause?: unknown;
}

/** A failure that the caller shall hear of. Handlers throw it; the middleware makes an error of the transport of it. */
export class SynodError extends Error {
  override readonly name = "SynodError";
  readonly failure: Failure;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fieldViolations: readonly { readonly field: string; readonly description: string }[];

  readonly spent: SpentUsage | undefined;

  constructor(init: SynodErrorInit, options: SynodErrorOptions = {}) {
    super(errorText(init.message), { cause: options.cause });
    this.failure = {
      reason: init.reason,
      message: this.message,
      retryable: init.retryable ?? reasonRules[init.reason].retryable,
      ...(init.retryAfterMs === undefined ? {} : { retryAfterMs: Math.max(0, Math.ceil(init.retryAfterMs)) }),
      ...(init.paidPartial === true && { paidPartial: true }),
    };
    this.metadata = options.metadata ?? {};
    this.spent = options.spent;
    this.fieldViolations = options.fieldViolations ?? [];
  }
}
