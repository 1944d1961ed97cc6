import type { StoredResponse } from "@synod/run-store";

/** What a request came to. */
export interface Told {
  readonly response: StoredResponse;
  /**
   * Whether it is told again to whoever sends the same request: it is an answer, or something was, or may have been, paid
   * for it.
   */
  readonly isKept: boolean;
  /** Whether it is an answer that is whole. */
  readonly isAnswer: boolean;
}
