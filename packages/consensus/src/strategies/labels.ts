import { shuffled } from "./shuffle.js";
import type { Answer } from "./strategy.js";

/** An answer under a neutral name. */
export interface LabelledAnswer {
  /** `Answer A`, `Answer B`, … `Answer Z`, `Answer AA`, … */
  readonly label: string;
  readonly answer: Answer;
}

/**
 * Gives answers neutral names in an order shuffled by the seed, so that nothing tells whose they are. The order in
 * which the answers are given never matters, nor does what they say.
 */
export function labelled(answers: readonly Answer[], seed: number): readonly LabelledAnswer[] {
  return shuffled(answers.toSorted(byVoter), seed).map((answer, index) => ({
    label: `Answer ${letters(index)}`,
    answer,
  }));
}

/** Orders answers by the position of their member in the panel, then by sample. */
export function byVoter({ voter: a }: Answer, { voter: b }: Answer): number {
  return a.member - b.member || a.sample - b.sample;
}

function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
