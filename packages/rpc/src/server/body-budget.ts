import { SynodError } from "../errors/synod-error.js";

/** What one request holds of a budget. */
export interface BodyHold {
  /**
   * Counts bytes that were read.
   *
   * @throws SynodError `overloaded` when all requests together would hold too many; they are not counted then.
   */
  add(bytes: number): void;
  /** Gives everything back. To be called when the request is answered and nothing goes on for it; more than once is no harm. */
  release(): void;
}

/** The bytes that the bodies of all requests may hold together, from when they are read until nothing goes on for them. */
export interface BodyBudget {
  /** Begins to count for a request. */
  hold(): BodyHold;
}

/**
 * Makes a budget.
 *
 * @param maxBytes 1 or more. A budget without a limit when unset.
 */
export function createBodyBudget(maxBytes = Infinity): BodyBudget {
  let held = 0;
  return {
    hold() {
      let own = 0;
      return {
        add(bytes) {
          if (held + bytes > maxBytes) {
            const message = "Too many bytes are waiting to be answered. Ask again soon.";
            throw new SynodError({ reason: "overloaded", message, retryAfterMs: 1_000 });
          }
          held += bytes;
          own += bytes;
        },
        release() {
          held -= own;
          own = 0;
        },
      };
    },
  };
}
