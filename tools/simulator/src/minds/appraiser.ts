import type { Bank } from "../bank/bank.js";
import { comparable, finalAnswer } from "../bank/final-answer.js";
import type { ModelProfile } from "../models/profile.js";
import { unit } from "../random/hash.js";
import type { GivenText } from "./given-texts.js";
import { memberAnswer, type MemberDraw } from "./member.js";
import { synthesise } from "./synthesiser.js";
import type { Task } from "./task.js";

type AppraisalTask = Extract<Task, { readonly answers: readonly GivenText[] }>;

/** How often a model that sees no difference takes the answer that comes first all the same, 0 to 1. */
const POSITION_BIAS = 0.5;

/**
 * What a model says about answers of others, as JSON: which is most consistent, what they have in common, which of two is
 * better, how they rank.
 *
 * The first two are read from the answers alone. For the others it takes for right what it would have answered itself, so
 * its errors here are those that it makes as a member, and its family with it.
 */
export function appraisal(bank: Bank, profile: ModelProfile, task: AppraisalTask, draw: MemberDraw): string {
  switch (task.kind) {
    case "pick":
      return JSON.stringify({ most_consistent: mostConsistent(task.answers).label });
    case "analyse":
      return JSON.stringify(analysed(task.answers));
    case "compare":
      return JSON.stringify({ better: better(bank, profile, task, draw) });
    case "rank":
      return JSON.stringify({ ranking: ranked(bank, profile, task, draw) });
  }
}

/** An answer and what it comes to. */
interface Appraised extends GivenText {
  readonly key: string;
}

function appraised(answers: readonly GivenText[]): Appraised[] {
  return answers.map(({ label, text }) => ({ label, text, key: comparable(finalAnswer(text) ?? text) }));
}

/** The first answer that comes to what most of them come to. */
function mostConsistent(answers: readonly GivenText[]): GivenText {
  const winner = comparable(synthesise(answers.map(({ text }) => text)).text);
  const picked = appraised(answers).find(({ key }) => key === winner) ?? answers[0];
  if (picked === undefined) throw new Error("there is no answer to pick");
  return picked;
}

function analysed(answers: readonly GivenText[]): object {
  const all = appraised(answers);
  const [first] = all;
  const unanimous = all.every(({ key }) => key === first?.key);
  const claims = all.map(({ label, key }) => ({ answer: label, claim: key.slice(0, 200) }));
  return {
    consensus: unanimous && first !== undefined ? [`The result is ${first.key.slice(0, 200)}.`] : [],
    contradictions: unanimous ? [] : [{ point: "The result.", claims }],
    partial_coverage: [],
    unique_insights: [],
    blind_spots: [],
  };
}

/** What a model takes for right, to be compared; undefined when it does not know the question. */
function belief(
  bank: Bank,
  profile: ModelProfile,
  { question }: AppraisalTask,
  draw: MemberDraw,
): string | undefined {
  const own = memberAnswer(bank, profile, { question }, draw);
  return own === undefined ? undefined : comparable(own.answer);
}

function better(bank: Bank, profile: ModelProfile, task: AppraisalTask, draw: MemberDraw): string {
  const believed = belief(bank, profile, task, draw);
  const [first, second] = appraised(task.answers);
  if (first === undefined || second === undefined || first.key === second.key) return "tie";
  if (first.key === believed) return first.label;
  if (second.key === believed) return second.label;
  const pair = [first.key, second.key].toSorted();
  return unit(draw.seed, "position", profile.id, task.question, ...pair) < POSITION_BIAS
    ? first.label
    : "tie";
}

/** What it believes first, then what more of the answers come to, then by a draw. */
function ranked(bank: Bank, profile: ModelProfile, task: AppraisalTask, draw: MemberDraw): string[] {
  const believed = belief(bank, profile, task, draw);
  const all = appraised(task.answers);
  const score = ({ key, text }: Appraised): number =>
    (key === believed ? all.length : 0) +
    all.filter((other) => other.key === key).length +
    unit(draw.seed, "rank", profile.id, task.question, text) / 2;
  return all.toSorted((a, b) => score(b) - score(a)).map(({ label }) => label);
}
