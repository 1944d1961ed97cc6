import { stableHash } from "../voting/stable-hash.js";
import { seeded } from "./seeded.js";

/** A copy in an order that depends on the seed and the length alone. `seed`: a whole number, 0 to 2^32 - 1. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = seeded(seed);
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [result[i], result[j]];
    if (a === undefined || b === undefined) continue;
    result[i] = b;
    result[j] = a;
  }
  return result;
}

/** A seed for one of several prompts, so that no two of them have the same order. `about`: what is special about it. */
export function derivedSeed(seed: number, about: string): number {
  return stableHash(`${seed}, ${about}`);
}
