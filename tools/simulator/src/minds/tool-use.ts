import { hash } from "../random/hash.js";
import type { ToolCall } from "../wire/draft.js";
import type { CompletionRequest, OfferedTool } from "../wire/request.js";
import { instance } from "./shape.js";

/** Whether a model may not answer without calling a tool. */
export function mustCall({ toolChoice }: CompletionRequest): boolean {
  return toolChoice === "required" || typeof toolChoice === "object";
}

/**
 * The tool that a model calls for a question: the one that is named; else the one whose name and description have most
 * words in common with the question, the first of equals. None when it may not, when there is none, and after a tool has
 * said something: then the model answers.
 */
export function toolFor(
  { tools, toolChoice, messages }: CompletionRequest,
  question: string,
): OfferedTool | undefined {
  if (typeof toolChoice === "object") return tools.find(({ name }) => name === toolChoice.name);
  if (toolChoice === "none" || (toolChoice === "auto" && messages.at(-1)?.role === "tool")) return undefined;
  const asked = new Set(wordsOf(question));
  const shared = ({ name, description }: OfferedTool): number =>
    new Set(wordsOf(`${name} ${description}`).filter((word) => asked.has(word))).size;
  return tools.toSorted((a, b) => shared(b) - shared(a))[0];
}

/** A call of a tool whose arguments hold the answer wherever their schema has room for it. */
export function callOf(tool: OfferedTool, answer: string, ...about: readonly (string | number)[]): ToolCall {
  const given = instance(tool.parameters ?? { type: "object", properties: {} }, answer);
  const id = [0, 1, 2].map((part) =>
    hash("call", part, tool.name, ...about)
      .toString(36)
      .padStart(7, "0"),
  );
  return { id: `call_${id.join("")}`, name: tool.name, arguments: JSON.stringify(given) };
}

/** What the tool that was called last has said; nothing when the last message is not its. */
export function toolResult({ messages }: CompletionRequest): string | undefined {
  const last = messages.at(-1);
  return last?.role === "tool" && last.text.trim() !== "" ? last.text.trim() : undefined;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}
