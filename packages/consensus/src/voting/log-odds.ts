/** An accuracy is kept this far from 0 and 1: nobody outweighs everybody else for ever. */
const CERTAIN = 1e-9;

/**
 * What the vote of a voter that is right with probability p weighs among K options: ln(p(K-1)/(1-p)).
 *
 * The weight of the best rule there is for independent voters whose errors fall on every wrong option alike (Nitzan &
 * Paroush 1982). 0 for p = 1/K; at most about 21 + ln(K-1), for p = 1. `options`: 2 or more.
 */
export function logOdds(accuracy: number, options: number): number {
  const p = Math.min(Math.max(accuracy, CERTAIN), 1 - CERTAIN);
  return Math.log((p * (options - 1)) / (1 - p));
}
