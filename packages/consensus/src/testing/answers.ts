import type { Answer } from "../strategies/strategy.js";

/** Answers of as many members, of weight 1 unless another is given. */
export function answersSaying(texts: readonly string[], weights: readonly number[] = []): readonly Answer[] {
  return texts.map((text, member) => ({
    voter: { member, sample: 1 },
    text,
    weight: weights[member] ?? 1,
    truncated: false,
  }));
}

/** The same items in another order, chosen by `order`: any list of numbers of the same length. */
export function reordered<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return items
    .map((item, index) => ({ item, at: order[index] ?? 0 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
