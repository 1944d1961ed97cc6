import type { FinishReason, Message, ToolCall, Usage } from "@synod/client";
import { usageJson } from "@synod/mapping";

/** An answer's own words and figures, wherever it comes from. */
export interface Answer {
  readonly text: string;
  readonly message: Message;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
}

/** An answer as `--json` prints it. */
export function answerJson({ text, message, finishReason, usage }: Answer): object {
  const { refusal, toolCalls = [] } = message;
  return {
    answer: text,
    refusal: refusal ?? null,
    tool_calls: toolCalls.map(toolCallJson),
    finish_reason: finishReason === "unknown" ? null : finishReason,
    usage: usageJson(usage),
  };
}

/** A call of a tool as OpenAI has it. */
export function toolCallJson({ id, name, argumentsJson }: ToolCall): object {
  return { id, type: "function", function: { name, arguments: argumentsJson } };
}
