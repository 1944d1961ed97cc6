import { type ContentPart, type Message, Role } from "@synod/contracts/model";
import { invalidRequest } from "../provider-error.js";
import { asObject, parseJson } from "./json.js";
import { membersOf, objectText, type RawMember, rawMembers } from "./raw-json.js";

/** How a provider's turns differ from OpenAI's. */
export interface MessageDialect {
  /** What the role `developer` is called. */
  readonly developerRole: "developer" | "system";
  /**
   * Whether earlier turns of the assistant go back with their `reasoning` and the other fields that the provider gave
   * them (`extra_json`). OpenRouter wants them back, so that a model goes on where it was. Groq refuses `reasoning` for
   * models that do not reason and fields that it does not know; other servers know neither. There they are left out.
   */
  readonly takesReasoning: boolean;
}

/** Fields of a turn that Synod writes itself. */
const ownFields: ReadonlySet<string> = new Set([
  "role",
  "content",
  "name",
  "tool_calls",
  "tool_call_id",
  "refusal",
  "reasoning",
]);

/**
 * Writes one turn of a conversation as JSON text.
 *
 * @throws ProviderFailure `invalid_value` for a role that is none, for a content part or other fields that are no JSON
 *   object, and for other fields that Synod writes itself.
 */
export function encodeMessage(message: Message, dialect: MessageDialect): string {
  const toolCalls = message.toolCalls.map(({ id, name, argumentsJson }) => ({
    id,
    type: "function",
    function: { name, arguments: argumentsJson },
  }));
  return objectText([
    ["role", `"${roleOf(message, dialect)}"`],
    ["content", contentOf(message)],
    ...membersOf({
      name: message.name || undefined,
      tool_calls: toolCalls.length > 0 ? toolCalls : undefined,
      tool_call_id: message.toolCallId || undefined,
    }),
    ...(dialect.takesReasoning && message.role === Role.ASSISTANT ? saidBeside(message) : []),
  ]);
}

function roleOf(message: Message, { developerRole }: MessageDialect): string {
  switch (message.role) {
    case Role.SYSTEM:
      return "system";
    case Role.DEVELOPER:
      return developerRole;
    case Role.USER:
      return "user";
    case Role.ASSISTANT:
      return "assistant";
    case Role.TOOL:
      return "tool";
    case Role.UNSPECIFIED:
      throw invalidRequest("messages: a role is missing");
    default:
      throw invalidRequest(`messages: there is no role ${String(message.role satisfies never)}`);
  }
}

function contentOf(message: Message): string {
  const [first, ...rest] = message.parts;
  if (first === undefined) {
    // A refusal is what the assistant said; no provider but one takes it in a field of its own.
    if (message.refusal !== "") return JSON.stringify(message.refusal);
    return message.toolCalls.length > 0 ? "null" : '""';
  }
  // One text is sent as a text: not every server reads lists.
  if (rest.length === 0 && first.content.case === "text") return JSON.stringify(first.content.value);
  return `[${message.parts.map(partOf).join(",")}]`;
}

function partOf(part: ContentPart): string {
  switch (part.content.case) {
    case "text":
      return JSON.stringify({ type: "text", text: part.content.value });
    case "otherJson":
      if (asObject(parseJson(part.content.value)) === undefined) {
        throw invalidRequest("messages: a content part is not a JSON object");
      }
      return part.content.value.trim();
    case undefined:
      throw invalidRequest("messages: a content part is empty");
    default:
      return part.content satisfies never;
  }
}

function saidBeside({ reasoning, extraJson }: Message): RawMember[] {
  const others = extraJson === "" ? new Map<string, string>() : rawMembers(extraJson);
  if (others === undefined) throw invalidRequest("messages: extra_json is not a JSON object");
  for (const name of others.keys()) {
    if (ownFields.has(name)) throw invalidRequest(`messages: \`${name}\` cannot be set in extra_json`);
  }
  return [...membersOf({ reasoning: reasoning || undefined }), ...others];
}
