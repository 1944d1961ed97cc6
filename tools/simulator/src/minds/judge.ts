import type { Bank } from "../bank/bank.js";
import { isRight } from "../bank/bank.js";
import { finalAnswer } from "../bank/final-answer.js";
import { unit } from "../random/hash.js";

/** How often a judge notices, and how often it sees what is not there. 0 to 1. */
export interface JudgeRates {
  /** The probability of calling a wrong answer wrong. */
  readonly hitRate: number;
  /** The probability of calling a right answer wrong. */
  readonly falseAlarmRate: number;
}

/** What a judge's verdict depends on. */
export interface JudgeDraw extends JudgeRates {
  readonly seed: number;
  readonly model: string;
  readonly sample: number;
}

/** The judge's reply, JSON text: right, wrong with a finding, or unsure about a question that is not known. */
export function judgement(
  bank: Bank,
  task: { readonly question: string; readonly answer: string },
  draw: JudgeDraw,
): string {
  const question = bank.find(task.question);
  if (question === undefined) return reply("unsure", [], null);
  const right = isRight(question, task.answer);
  const luck = unit(draw.seed, "judge", draw.model, question.text, task.answer, draw.sample);
  const flagged = luck < (right ? draw.falseAlarmRate : draw.hitRate);
  const confidence = Number(
    (0.6 + 0.39 * unit(draw.seed, "confidence", draw.model, question.text)).toFixed(2),
  );
  if (!flagged) return reply("right", [], confidence);
  // The finding names what is doubted, never what would be right.
  const quote = finalAnswer(task.answer) ?? task.answer.slice(0, 200);
  const problem = "The final answer does not hold up when the question is worked through again.";
  return reply("wrong", [{ quote, problem, severity: "critical" }], confidence);
}

function reply(verdict: string, findings: readonly object[], confidence: number | null): string {
  return JSON.stringify({ verdict, findings, confidence });
}
