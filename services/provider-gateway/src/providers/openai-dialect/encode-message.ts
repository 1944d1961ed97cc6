import { type ContentPart, type Message, Role } from "@synod/contracts/model";
import { invalidRequest } from "../provider-error.js";
import { asObject, parseJson } from "./json.js";
import { membersOf, objectText, type RawMember, rawMembers } from "./raw-json.js";

/** How a provider's turns differ from OpenAI's. */
export interface MessageDialect {
  /** What the role `developer` is called. */
  readonly developerRole: "developer" | "system";
  /**
   * Whether earlier turns of the assistant go back with their `reasoning` and the other fields that a provider's answer
   * holds (`answerFields`). OpenRouter wants them back, so that a model goes on where it was. Groq refuses `reasoning`
   * for models that do not reason and the others always; other servers know neither. There they are left out, so that a
   * conversation can go on with another provider. What else a turn holds, its caller has written for the provider: it
   * goes out everywhere.
   */
  readonly takesReasoning: boolean;
}

/** Fields beside its text that an answer may hold, as providers make them. */
const answerFields: ReadonlySet<string> = new Set([
  "reasoning_details",
  "annotations",
  "images",
  "executed_tools",
]);

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
    ...(message.role === Role.ASSISTANT ? saidBeside(message, dialect) : []),
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

function saidBeside(message: Message, { takesReasoning }: MessageDialect): RawMember[] {
  const { parts, refusal, reasoning } = message;
  return [
    ...membersOf({
      // Alone it is the content.
      refusal: parts.length > 0 ? refusal || undefined : undefined,
      reasoning: takesReasoning ? reasoning || undefined : undefined,
    }),
    ...[...turnFields(message)].filter(([name]) => takesReasoning || !answerFields.has(name)),
  ];
}

/** What a turn of the assistant holds that its caller has written, and no answer does. */
export function callersFields(message: Message): string[] {
  return [...turnFields(message).keys()].filter((name) => !answerFields.has(name));
}

function turnFields({ extraJson }: Message): ReadonlyMap<string, string> {
  const fields = extraJson === "" ? new Map<string, string>() : rawMembers(extraJson);
  if (fields === undefined) throw invalidRequest("messages: extra_json is not a JSON object");
  for (const name of fields.keys()) {
    if (ownFields.has(name)) throw invalidRequest(`messages: \`${name}\` cannot be set in extra_json`);
  }
  return fields;
}
