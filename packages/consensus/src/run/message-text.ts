import type { Message, Role } from "./conversation.js";

/** A message of one text. */
export function textMessage(role: Role, text: string): Message {
  return { role, parts: [{ type: "text", text }] };
}

/**
 * A conversation as one text, to be shown to a model as data. A single message of the user is its text alone; more are
 * a JSON list of roles and contents. Images and other parts stand as `[image_url]` and the like.
 */
export function conversationText(conversation: readonly Message[]): string {
  const [first, ...others] = conversation;
  if (first !== undefined && others.length === 0 && first.role === "user") return contentText(first);
  return JSON.stringify(
    conversation.map((message) => ({
      role: message.role,
      content: contentText(message),
      ...(message.toolCalls === undefined || message.toolCalls.length === 0
        ? {}
        : {
            tool_calls: message.toolCalls.map(({ name, argumentsJson }) => ({
              name,
              arguments: argumentsJson,
            })),
          }),
    })),
  );
}

function contentText(message: Message): string {
  return message.parts
    .map((part) => (part.type === "text" ? part.text : `[${partType(part.json)}]`))
    .join("\n");
}

function partType(json: string): string {
  return (
    /^\s*\{[^{}[\]]*?"type"\s*:\s*"(?<type>[a-z_]{1,40})"/.exec(json.slice(0, 200))?.groups?.["type"] ??
    "attachment"
  );
}
