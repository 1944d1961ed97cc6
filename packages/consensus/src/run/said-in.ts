import { toolCallsText } from "../answers/tool-calls.js";
import type { Outcome } from "../strategies/strategy.js";

/** An answer: a text, or calls of tools. */
type Said = Pick<Outcome, "text" | "toolCalls">;

/** An answer in words, as members in a further round and judges are told it: calls of tools as their JSON. */
export function saidIn({ text, toolCalls }: Said): string {
  return toolCalls === undefined ? text : toolCallsText(toolCalls);
}

/** Whether an outcome holds no answer: neither a text nor calls. */
export function isEmptyOutcome({ text, toolCalls }: Said): boolean {
  return toolCalls === undefined && text.trim() === "";
}
