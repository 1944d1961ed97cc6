import { comparable, finalAnswer } from "../bank/final-answer.js";
import { hash } from "../random/hash.js";

/** What a synthesis of answers came to. */
export interface Synthesis {
  /** The final answer that most texts give, as the first of them writes it; undefined when none gives one. */
  readonly answer?: string;
  /** The text that most agree on: used when there is no final answer. */
  readonly text: string;
  readonly unanimous: boolean;
}

/** Makes one answer of many by plurality. It reads the given texts only and knows nothing else. Ties: by a stable hash. */
export function synthesise(texts: readonly string[]): Synthesis {
  const finals = texts.flatMap((text) => finalAnswer(text) ?? []);
  const votes = finals.length > 0 ? finals : texts;
  const groups = new Map<string, { readonly first: string; count: number }>();
  for (const vote of votes) {
    const key = comparable(vote);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: vote, count: 1 });
    else group.count += 1;
  }
  const ranked = [...groups].sort(
    ([leftKey, left], [rightKey, right]) => right.count - left.count || hash(leftKey) - hash(rightKey),
  );
  const winner = ranked[0]?.[1].first ?? "";
  const unanimous = groups.size <= 1;
  return finals.length > 0 ? { answer: winner, text: winner, unanimous } : { text: winner, unanimous };
}
