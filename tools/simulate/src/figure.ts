/** A share that was simulated, and what it must be by a formula or by trying every case. */
export interface Checked {
  /** Where it stands, for people. */
  readonly name: string;
  /** What came out, 0 to 1. */
  readonly simulated: number;
  /** What it must be, 0 to 1. */
  readonly exact: number;
  /** How many independent questions it was counted on. */
  readonly questions: number;
}

/**
 * Whether a simulated share is too far from the exact one to be chance: more than 4.5 standard errors, which happens to a
 * right one once in 150,000 times.
 */
export function isOff({ simulated, exact, questions }: Checked): boolean {
  const error = Math.sqrt((exact * (1 - exact)) / questions);
  return !(Math.abs(simulated - exact) <= 4.5 * error + 1e-9);
}
