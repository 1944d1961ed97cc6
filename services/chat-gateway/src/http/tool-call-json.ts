import type { ToolCall } from "@synod/consensus";

/** A call of a tool as OpenAI has it in a message. */
export function toolCallJson({ id, name, argumentsJson }: ToolCall): object {
  return { id, type: "function", function: { name, arguments: argumentsJson } };
}

/** The JSON of a chunk's `delta` that holds whole calls. */
export function toolCallsPiece(calls: readonly ToolCall[]): string {
  const listed = calls.map((call, index) => ({ index, ...toolCallJson(call) }));
  return JSON.stringify({ tool_calls: listed });
}
