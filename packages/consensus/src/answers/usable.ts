import type { Completion } from "../run/event.js";
import type { Answer } from "../strategies/strategy.js";
import { extractAnswer } from "./extract.js";
import type { AnswerFormat } from "./format.js";
import { type OfferedTools, runnableCalls } from "./tool-calls.js";

/** What of a completion says whether it is an answer. */
export type CompletionContent = Pick<Completion, "text" | "refusal" | "finishReason" | "toolCalls">;

/**
 * Whether a model refused: it said so, or its provider filtered the content. What it wrote all the same never counts.
 */
export function isRefusal(completion: CompletionContent): boolean {
  return completion.refusal.trim() !== "" || completion.finishReason === "content_filter";
}

/**
 * What of a completion is aggregated: its text; where tools were offered, its calls, none for a text alone. Null when there
 * is nothing: it is empty or refused, calls tools that were not offered, or calls them in a way that nobody could run.
 */
export function answerIn(
  completion: CompletionContent,
  tools: OfferedTools,
): Pick<Answer, "text" | "toolCalls"> | null {
  const { text, toolCalls: calls } = completion;
  if (isRefusal(completion)) return null;
  const toolCalls = tools === null ? [] : runnableCalls(calls, tools);
  if (toolCalls === null || (toolCalls.length === 0 && text.trim() === "")) return null;
  return tools === null ? { text } : { text, toolCalls };
}

/** Whether a completion has a vote: it calls tools that were offered, or its text holds what the format asks for. */
export function isUsable(
  completion: CompletionContent,
  format: AnswerFormat,
  tools: OfferedTools = null,
): boolean {
  const answer = answerIn(completion, tools);
  if (answer === null) return false;
  return tools !== null || "key" in extractAnswer(answer.text, format);
}
