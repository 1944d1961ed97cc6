import { seeded } from "@synod/consensus";

/** A source of numbers from 0 to below 1. The same seed gives the same numbers, on every machine. */
export type Random = () => number;

/** The same seed gives the same numbers. `seed`: a whole number, 0 to 2^32 - 1. */
export const randomFrom: (seed: number) => Random = seeded;

/** A normally distributed number of mean 0 and standard deviation 1 (Box & Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
