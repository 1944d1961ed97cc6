import type { Completion } from "../run/event.js";
import { extractAnswer } from "./extract.js";
import type { AnswerFormat } from "./format.js";

/** What of a completion says whether it is an answer. */
export type CompletionContent = Pick<Completion, "text" | "refusal" | "finishReason" | "toolCalls">;

/**
 * Whether a model refused: it said so, or its provider filtered the content. What it wrote all the same never counts.
 */
export function isRefusal(completion: CompletionContent): boolean {
  return completion.refusal.trim() !== "" || completion.finishReason === "content_filter";
}

/** Whether a completion holds text to aggregate. A completion with calls of tools alone holds none. */
export function hasAnswer(completion: CompletionContent): boolean {
  return completion.text.trim() !== "" && !isRefusal(completion);
}

/** Whether a completion has a vote: it holds text, and the text holds what the format asks for. */
export function isUsable(completion: CompletionContent, format: AnswerFormat): boolean {
  return hasAnswer(completion) && "key" in extractAnswer(completion.text, format);
}
