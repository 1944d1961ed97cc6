import type { AtHand } from "./at-hand.js";
import { READ } from "./keywords.js";

/** The value that is being checked; null while references are resolved. */
export type Now = () => AtHand | null;

/**
 * A schema object as the validator takes it. It counts each time that it is applied, since the validator reads the `type` of
 * each schema that it applies.
 */
export class AppliedSchema {
  readonly #type: unknown;
  readonly #cost: number;
  readonly #now: Now;
  [keyword: string]: unknown;

  /** @param cost What applying it takes by itself. */
  constructor(type: unknown, cost: number, now: Now) {
    this.#type = type;
    this.#cost = cost;
    this.#now = now;
    // With the same members in all of them, reading them is several times as fast.
    for (const keyword of READ) this[keyword] = undefined;
  }

  get type(): unknown {
    this.#now()?.count(this.#cost);
    return this.#type;
  }
}
