/** Something that would take too long: why, for a person. */
export class TooMuch extends Error {}

/**
 * Counts work.
 *
 * @throws TooMuch when there was too much of it.
 */
export type Count = (work: number) => void;

/** How much work there may be. */
export interface Budget {
  readonly count: Count;
  /** Whether there was more than there may be. */
  readonly isSpent: () => boolean;
}

/** @param most Work that may be counted, in units of whoever counts. */
export function createBudget(most: number): Budget {
  let left = most;
  return {
    count(work) {
      left -= work;
      if (left < 0) throw new TooMuch("the schema and the answer are too large together");
    },
    isSpent: () => left < 0,
  };
}
