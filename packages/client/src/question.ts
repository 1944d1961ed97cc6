import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Message, Role, Sampling } from "@synod/consensus";
import type { ChatRequestSchema } from "@synod/contracts/chat";
import { MappingError, toProtoMessage, toProtoSampling } from "@synod/mapping";
import { invalidField } from "./to-error.js";

/** A JSON object. */
export type JsonObject = { readonly [name: string]: unknown };

/** A turn of a conversation: a text, or all that a turn can hold, such as `answer.message` of an earlier question. */
export type ChatMessage = { readonly role: Role; readonly content: string } | Message;

/** A question. What it says of how to write (`temperature` …) replaces what a preset says of every member. */
export interface ChatRequest extends Sampling {
  /** `synod/<preset>` for a panel, or one model such as `groq/llama-3.3-70b-versatile`. Default: `synod/default`. */
  readonly model?: string;
  /** The conversation, 1 to 1,000 turns. A text alone is one turn of the user. */
  readonly messages: string | readonly ChatMessage[];
  /** Changes to the preset for this call: the `consensus` object of the HTTP API. For panels alone. */
  readonly consensus?: JsonObject;
  /** The tools that may be called, as OpenAI's chat API has them. A panel takes them with the strategy `tool_calls`. */
  readonly tools?: readonly JsonObject[];
  /** As OpenAI has it: `auto`, `none`, `required`, or an object that names a function. */
  readonly toolChoice?: string | JsonObject;
  /** Whether several tools may be called at once. The provider's own default when unset. */
  readonly parallelToolCalls?: boolean;
}

/**
 * A question as the contract has it.
 *
 * @throws SynodClientError `invalid_value` for what cannot be sent.
 */
export function toProtoQuestion(request: ChatRequest): MessageInitShape<typeof ChatRequestSchema> {
  const { model = "synod/default", messages, consensus } = request;
  const turns = typeof messages === "string" ? [{ role: "user", content: messages } as const] : messages;
  try {
    return {
      model,
      messages: turns.map((turn) => toProtoMessage(toMessage(turn))),
      sampling: toProtoSampling(request),
      consensusJson: consensus === undefined ? "" : JSON.stringify(consensus),
      toolsJson: toolsJson(request),
    };
  } catch (error) {
    const field = error instanceof MappingError ? error.field : "request";
    throw invalidField(field, error instanceof Error ? error.message : String(error), error);
  }
}

function toMessage(turn: ChatMessage): Message {
  return "content" in turn ? { role: turn.role, parts: [{ type: "text", text: turn.content }] } : turn;
}

function toolsJson({ tools, toolChoice, parallelToolCalls }: ChatRequest): string {
  if (tools === undefined && toolChoice === undefined && parallelToolCalls === undefined) return "";
  return JSON.stringify({ tools, tool_choice: toolChoice, parallel_tool_calls: parallelToolCalls });
}
