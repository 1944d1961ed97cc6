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
  const sorted = answers.toSorted(
    (a, b) => a.voter.member - b.voter.member || a.voter.sample - b.voter.sample,
  );
  return shuffled(sorted, seed).map((answer, index) => ({ label: `Answer ${letters(index)}`, answer }));
}

function letters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}
