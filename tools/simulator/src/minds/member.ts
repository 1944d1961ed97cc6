import { comparable, finalAnswers } from "../bank/final-answer.js";
import type { Bank } from "../bank/bank.js";
import type { Question } from "../bank/question.js";
import { FAMILY_CORRELATION, FAMILY_MISTAKES } from "../models/models.js";
import type { ModelProfile } from "../models/profile.js";
import { pick, unit } from "../random/hash.js";
import { synthesise } from "./synthesiser.js";

/** What decides a member's luck. */
export interface MemberDraw {
  readonly seed: number;
  /** Which sample of the same question it is, from 0. */
  readonly sample: number;
}

/**
 * What a model answers to a question, alone or after it saw a consensus; undefined when the question is not known.
 *
 * Being right has the model's own probability. On a share of the questions the models of one family have the same luck,
 * and when they err they mostly make the same mistake.
 */
export function memberAnswer(
  bank: Bank,
  profile: ModelProfile,
  task: { readonly question: string; readonly consensus?: string },
  draw: MemberDraw,
): { readonly answer: string; readonly moved: boolean } | undefined {
  const question = bank.find(task.question);
  if (question === undefined) return undefined;
  const own = ownAnswer(question, profile, draw);
  const shown = task.consensus === undefined ? undefined : shownAnswer(task.consensus);
  const differs = shown !== undefined && comparable(shown) !== comparable(own);
  if (!differs || chance(question, profile) >= 1) return { answer: own, moved: false };
  const moves =
    unit(draw.seed, "moves", profile.id, question.text, comparable(shown), draw.sample) < profile.yielding;
  return moves ? { answer: shown, moved: true } : { answer: own, moved: false };
}

/** The final answer of a consensus; of one that only joins answers, the most frequent. */
function shownAnswer(consensus: string): string | undefined {
  return synthesise(finalAnswers(consensus).map((answer) => `Answer: ${answer}`)).answer;
}

function ownAnswer(question: Question, profile: ModelProfile, { seed, sample }: MemberDraw): string {
  const about = question.text;
  const shared = unit(seed, "shares", profile.family, about) < FAMILY_CORRELATION;
  const luck = shared
    ? unit(seed, "family", profile.family, about)
    : unit(seed, "own", profile.id, about, sample);
  if (luck < chance(question, profile)) return question.answer;
  const asFamily = unit(seed, "mistake", profile.id, about, sample) < FAMILY_MISTAKES;
  return asFamily
    ? pick(question.wrong, seed, "mistake", profile.family, about)
    : pick(question.wrong, seed, "mistake", profile.id, about, sample);
}

/** The probability that a model is right. */
function chance(question: Question, profile: ModelProfile): number {
  if (question.kind === "sum" && profile.sums !== undefined) return profile.sums;
  return profile.ability ** question.difficulty;
}
