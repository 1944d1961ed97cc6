/** One of those who may be asked. */
export interface Candidate {
  readonly model: string;
  /** The most tokens that it may write. As many as it writes at all when undefined. */
  readonly maxOutputTokens: number | undefined;
}

/** A call that may be made. */
export interface PlannedCall {
  /** Who may be asked, 1 or more: one of them is. */
  readonly candidates: readonly Candidate[];
  /** The most bytes that it reads. */
  readonly inputBytes: number;
  readonly times: number;
}

/** Calls that are made together: a budget of the run's own is looked at before each step. */
export interface PlannedStep {
  readonly calls: readonly PlannedCall[];
  /** How often the step may be done. */
  readonly times: number;
}

/** The most that may be asked for a request. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** The bytes that the caller sent. */
  readonly sentBytes: number;
  /** Where a run stops by itself, in billionths of a US dollar. Undefined: nowhere. */
  readonly ownBudgetUsdNanos?: number | undefined;
}

/** Bytes of a token, roughly. */
const bytesPerToken = 4;

/**
 * About how many tokens a request uses, read and written, for limits per minute: each step once, what the caller sent
 * with each call, and what may be written where the request or the preset says so. Corrected when it is known better.
 */
export function tokensOf({ steps, sentBytes }: Plan): number {
  const read = Math.ceil(sentBytes / bytesPerToken);
  return steps
    .flatMap(({ calls }) => calls)
    .reduce((sum, { candidates, times }) => sum + times * (read + (candidates[0]?.maxOutputTokens ?? 0)), 0);
}
