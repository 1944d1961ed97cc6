import { type ContentPart, type Message, objectText } from "@synod/consensus";
import { invalid } from "../failure.js";
import { forPanel } from "../question.js";
import type { BodyText } from "./body-text.js";
import { type AssistantMessage, type BodyMessage, fieldsBeside, unknownField } from "./chat-body.js";

type BodyContent = NonNullable<BodyMessage["content"]>;

/**
 * The messages of a body as a conversation with one model. Parts that are no plain text, and what an assistant's turn holds
 * beside its text, stay as they were written.
 *
 * @throws SynodError `invalid_value` for reasoning that is given twice and differs.
 */
export function conversationOf(messages: readonly BodyMessage[], text: BodyText): Message[] {
  return messages.map((message, place) => messageOf(message, place, text));
}

/**
 * The messages of a body as a conversation with a panel, without the reasoning of earlier turns and what else stands beside
 * their text.
 *
 * @throws SynodError `invalid_value` for a field of an assistant's turn that is not known.
 */
export function panelConversationOf(messages: readonly BodyMessage[], text: BodyText): Message[] {
  for (const [place, message] of messages.entries()) {
    const unknown = message.role === "assistant" ? unknownField(message) : undefined;
    if (unknown === undefined) continue;
    const path = `messages[${place}].${unknown}`;
    throw invalid(path, `${path} is not a known field.`);
  }
  return forPanel(conversationOf(messages, text));
}

function messageOf(message: BodyMessage, place: number, text: BodyText): Message {
  const base = {
    role: message.role,
    parts: message.content == null ? [] : partsOf(message.content, place, text),
    ...(message.name != null && { name: message.name }),
  };
  switch (message.role) {
    case "assistant":
      return { ...base, ...saidOf(message, place, text) };
    case "tool":
      return { ...base, toolCallId: message.tool_call_id };
    default:
      return base;
  }
}

function saidOf(message: AssistantMessage, place: number, text: BodyText): Partial<Message> {
  const reasoning = reasoningOf(message, place);
  const beside = fieldsBeside(message).map((name) => [name, text.messageField(place, name)] as const);
  return {
    ...(message.refusal && refusalOf(message.refusal, message.content)),
    ...(message.tool_calls?.length && {
      toolCalls: message.tool_calls.map((call) => ({
        id: call.id,
        name: call.function.name,
        argumentsJson: call.function.arguments,
      })),
    }),
    ...(reasoning !== "" && { reasoning }),
    ...(beside.length > 0 && { extraJson: objectText(beside) }),
  };
}

/** What a model refused to say is what it said, where it said nothing else. */
function refusalOf(refusal: string, content: AssistantMessage["content"]): Partial<Message> {
  return content == null ? { parts: [textPart(refusal)] } : { refusal };
}

/** Some servers and clients call it `reasoning_content`. */
function reasoningOf(message: AssistantMessage, place: number): string {
  const { reasoning, reasoning_content: other } = message;
  if (reasoning != null && other != null && reasoning !== other) {
    const path = `messages[${place}].reasoning`;
    throw invalid(path, `${path} and reasoning_content differ. Send one of them.`);
  }
  return reasoning ?? other ?? "";
}

function partsOf(content: BodyContent, place: number, text: BodyText): ContentPart[] {
  if (typeof content === "string") return [textPart(content)];
  return content.map((part, index) => {
    const said = part["text"];
    const isPlain = part.type === "text" && typeof said === "string" && Object.keys(part).length === 2;
    return isPlain ? textPart(said) : { type: "other", json: text.part(place, index) };
  });
}

const textPart = (text: string): ContentPart => ({ type: "text", text });
