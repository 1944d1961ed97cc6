import type { ContentPart, Message } from "@synod/consensus";
import type { BodyMessage } from "./chat-body.js";
import { wellFormed } from "./well-formed.js";

type BodyContent = NonNullable<BodyMessage["content"]>;

/** The messages of a body as a conversation. */
export function conversationOf(messages: readonly BodyMessage[]): Message[] {
  return messages.map(messageOf);
}

function messageOf(message: BodyMessage): Message {
  const base = {
    role: message.role,
    parts: message.content == null ? [] : partsOf(message.content),
    ...(message.name != null && { name: message.name }),
  };
  switch (message.role) {
    case "assistant":
      return {
        ...base,
        // What a model refused to say is what it said.
        ...(message.content == null && message.refusal != null && { parts: [textPart(message.refusal)] }),
        ...(message.tool_calls?.length && {
          toolCalls: message.tool_calls.map((call) => ({
            id: call.id,
            name: call.function.name,
            argumentsJson: call.function.arguments,
          })),
        }),
      };
    case "tool":
      return { ...base, toolCallId: message.tool_call_id };
    default:
      return base;
  }
}

function partsOf(content: BodyContent): ContentPart[] {
  return typeof content === "string" ? [textPart(content)] : content.map(partOf);
}

const textPart = (text: string): ContentPart => ({ type: "text", text: wellFormed(text) });

function partOf(part: Exclude<BodyContent, string>[number]): ContentPart {
  const text = part["text"];
  const isPlain = part.type === "text" && typeof text === "string" && Object.keys(part).length === 2;
  return isPlain ? textPart(text) : { type: "other", json: JSON.stringify(part) };
}
