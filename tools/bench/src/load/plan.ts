/** Requests to make, all alike. */
export interface LoadPlan {
  readonly url: string;
  /** Sent beside the usual ones. None when unset. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON: one body for all requests, or one for each in turn. */
  readonly body: string | readonly string[];
  /** Whether the answer is a stream of events: then the first token is timed, and the stream must end as it should. */
  readonly stream: boolean;
  /** What every answer contains. */
  readonly expect: string;
  readonly count: number;
  readonly pace: Pace;
}

/**
 * How requests follow each other.
 *
 * Closed loop: so many at once, the first ones spread over `overMs` (0 when unset), so that slow answers of equal length
 * do not all begin at the same moment; with `forMs` no request is begun after so many milliseconds. Open loop: one more every so many milliseconds, whether or not others are
 * answered.
 */
export type Pace =
  | { readonly atOnce: number; readonly overMs?: number; readonly forMs?: number }
  | { readonly everyMs: number };

/** What came of a plan. Times in milliseconds. */
export interface LoadResult {
  readonly wallMs: number;
  /** One per request, from sending to the last byte. */
  readonly latenciesMs: readonly number[];
  /** One per request that streamed, from sending to the first token. */
  readonly firstTokensMs: readonly number[];
  /** The most requests that were under way at once. */
  readonly peak: number;
  readonly failed: number;
  /** What went wrong first. */
  readonly firstFailure?: string;
}
