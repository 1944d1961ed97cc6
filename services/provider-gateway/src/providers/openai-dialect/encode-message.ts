import { type ContentPart, type Message, Role } from "@synod/contracts/model";
import { invalidRequest } from "../provider-error.js";
import { asObject, parseJson } from "./json.js";

const roles = {
  [Role.UNSPECIFIED]: null,
  [Role.SYSTEM]: "system",
  [Role.DEVELOPER]: "developer",
  [Role.USER]: "user",
  [Role.ASSISTANT]: "assistant",
  [Role.TOOL]: "tool",
} as const satisfies Record<Role, string | null>;

/**
 * Writes one turn of a conversation.
 *
 * @throws ProviderFailure `invalid_value` for a role that is none, and a content part that is no JSON object.
 */
export function encodeMessage(message: Message): Record<string, unknown> {
  const role: string | null | undefined = roles[message.role];
  if (role === null || role === undefined) throw invalidRequest("messages: a role is missing");
  return {
    role,
    content: contentOf(message),
    ...(message.name !== "" && { name: message.name }),
    ...(message.toolCalls.length > 0 && {
      tool_calls: message.toolCalls.map((call) => ({
        id: call.id,
        type: "function",
        function: { name: call.name, arguments: call.argumentsJson },
      })),
    }),
    ...(message.toolCallId !== "" && { tool_call_id: message.toolCallId }),
  };
}

function contentOf(message: Message): unknown {
  const [first, ...rest] = message.parts;
  if (first === undefined) {
    // A refusal is what the assistant said; no provider but one takes it in a field of its own.
    if (message.refusal !== "") return message.refusal;
    return message.toolCalls.length > 0 ? null : "";
  }
  // One text is sent as a text: not every server reads lists.
  if (rest.length === 0 && first.content.case === "text") return first.content.value;
  return message.parts.map(partOf);
}

function partOf(part: ContentPart): unknown {
  switch (part.content.case) {
    case "text":
      return { type: "text", text: part.content.value };
    case "otherJson": {
      const other = asObject(parseJson(part.content.value));
      if (other === undefined) throw invalidRequest("messages: a content part is not a JSON object");
      return other;
    }
    case undefined:
      throw invalidRequest("messages: a content part is empty");
    default:
      return part.content satisfies never;
  }
}
