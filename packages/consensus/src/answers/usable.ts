import type { Completion } from "../run/event.js";
import type { Answer } from "../strategies/strategy.js";
import { type Abstention, abstention } from "./abstention.js";
import { extractAnswer } from "./extract.js";
import type { AnswerFormat } from "./format.js";
import type { OfferedTools } from "./offered-tools.js";
import { runnableCalls } from "./tool-calls.js";

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
  const said = saidIn(completion, tools);
  return "reason" in said ? null : said;
}

/** Why a completion has no vote. Null when it has one: it calls tools, or its text holds what the format asks for. */
export function whyUnusable(
  completion: CompletionContent,
  format: AnswerFormat,
  tools: OfferedTools = null,
): Abstention | null {
  const said = saidIn(completion, tools);
  if ("reason" in said) return said;
  const extraction = tools === null ? extractAnswer(said.text, format) : null;
  return extraction !== null && "abstained" in extraction ? abstention(extraction.abstained) : null;
}

/** Whether a completion has a vote. */
export function isUsable(
  completion: CompletionContent,
  format: AnswerFormat,
  tools: OfferedTools = null,
): boolean {
  return whyUnusable(completion, format, tools) === null;
}

function saidIn(
  completion: CompletionContent,
  tools: OfferedTools,
): Pick<Answer, "text" | "toolCalls"> | Abstention {
  const { text, toolCalls } = completion;
  if (isRefusal(completion)) return abstention("refused");
  const runnable = runnableCalls(toolCalls, tools ?? new Map());
  if (tools === null) {
    if (text.trim() !== "") return { text };
    return "reason" in runnable ? runnable : abstention("empty");
  }
  if ("reason" in runnable) return runnable;
  const { calls } = runnable;
  return calls.length === 0 && text.trim() === "" ? abstention("empty") : { text, toolCalls: calls };
}
