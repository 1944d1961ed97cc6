import { isUnanimous } from "../answers/ballots.js";
import { normaliseText } from "../answers/plain-text.js";
import type { Outcome, Vote } from "../strategies/strategy.js";
import { shareOf } from "../voting/tally.js";

/**
 * Whether more rounds are not worth asking: `agreed` when all who voted in the last round say the same; `stable` when
 * its vote shares are those of the round before, or its answer is that of an earlier round, however long ago: answers
 * that go in a circle end there. Null to go on.
 */
export function settledBy(outcomes: readonly Outcome[]): "agreed" | "stable" | null {
  const last = outcomes.at(-1);
  if (last === undefined) return null;
  if (isUnanimous(last.votes)) return "agreed";
  const before = outcomes.at(-2);
  const earlier = outcomes.slice(0, -1);
  const repeats = earlier.some((outcome) => isSameAnswer(outcome, last));
  return repeats || (before !== undefined && isSameShares(before.votes, last.votes)) ? "stable" : null;
}

/**
 * Whether an outcome replaces the answer so far. The last one does; only where votes decide it must have at least the
 * agreement of the one before. An answer that a judge called wrong is always replaced.
 */
export function replaces(
  outcome: Pick<Outcome, "agreement">,
  draft: { readonly agreement: number | null } | null,
  options: { readonly votesDecide: boolean; readonly regenerating: boolean },
): boolean {
  if (draft === null || options.regenerating || !options.votesDecide) return true;
  return (outcome.agreement ?? 0) >= (draft.agreement ?? 0);
}

/** Whether two outcomes answer the same: by what they have in common, or word by word. */
function isSameAnswer(a: Outcome, b: Outcome): boolean {
  if (a.answerKey !== "" && a.answerKey === b.answerKey) return true;
  const text = normaliseText(a.text);
  return text !== "" && text === normaliseText(b.text);
}

function isSameShares(a: readonly Vote[], b: readonly Vote[]): boolean {
  const keys = new Set([...a, ...b].filter((vote) => vote.counted).map((vote) => vote.answerKey));
  return keys.size > 0 && [...keys].every((key) => isSameShare(shareOf(key, a), shareOf(key, b)));
}

/** Whether two shares are the same but for rounding: a third of three weights, and of six. */
function isSameShare(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.abs(a - b) < 1e-9;
}
