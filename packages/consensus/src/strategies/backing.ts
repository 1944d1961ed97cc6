import type { AnswerFormat } from "../answers/format.js";
import { castBallots, type Ballot } from "../answers/ballots.js";
import { markedAnswer } from "../answers/final-answer.js";
import { findNumbers, plainNumbers } from "../answers/numbers.js";
import { normaliseText } from "../answers/plain-text.js";
import { isNegatedAlike, traitsOf } from "../answers/likeness.js";
import { shareOf, standings } from "../voting/tally.js";
import type { Answer } from "./strategy.js";

const MAX_NAME_WORDS = 3;

/** How far the members' votes stand behind a text that none of them wrote. */
export interface Backing {
  readonly answerKey: string;
  readonly agreement: number | null;
}

/**
 * Reads what a synthesised text answers and how much of the votes say the same: the agreement with the answer that
 * goes out, not with one that the aggregator may have turned down.
 *
 * If the text's own key is no member's, one of their keys that alone stands in what it answers is taken. Else it stands
 * alone: a number, an option, a name or a marked answer has its own key, which nobody backs. Prose that is like no
 * member's may say the same in other words or not, so it has neither a key nor an agreement.
 */
export function backingOf(text: string, answers: readonly Answer[], format: AnswerFormat): Backing {
  const written: Answer = { voter: { member: -1, sample: 1 }, text, weight: 1, truncated: false };
  const all = castBallots([...answers, written], format);
  const own = all.at(-1);
  const members = all.slice(0, -1);
  if (own !== undefined && own.counted && members.some((b) => b.counted && b.answerKey === own.answerKey)) {
    return backed(own.answerKey, members);
  }
  // Without the text, since it may have joined clusters of its members.
  const ballots = castBallots(answers, format);
  const marked = markedAnswer(text);
  const said = marked ?? text;
  const standing = standings(ballots).filter((s) => standsIn(s.key, said, ballots));
  if (standing.length === 1 && standing[0] !== undefined) return backed(standing[0].key, ballots);
  const comparable =
    own !== undefined && own.counted && (own.kind !== "text" || marked !== null || isName(text));
  return comparable ? backed(own.answerKey, ballots) : { answerKey: "", agreement: null };
}

function backed(answerKey: string, ballots: readonly Ballot[]): Backing {
  return { answerKey, agreement: shareOf(answerKey, ballots) };
}

/** Whether a text is so short that it names something and does not describe it. */
function isName(text: string): boolean {
  return normaliseText(text).split(" ").length <= MAX_NAME_WORDS && traitsOf(text).negations === 0;
}

function standsIn(key: string, text: string, ballots: readonly Ballot[]): boolean {
  const kind = ballots.find((b) => b.counted && b.answerKey === key)?.kind;
  if (kind === "number") return findNumbers(plainNumbers(text)).some((number) => number.key === key);
  if (kind !== "text" || key === "") return false;
  return ` ${normaliseText(text)} `.includes(` ${key} `) && isNegatedAlike(traitsOf(key), traitsOf(text));
}
