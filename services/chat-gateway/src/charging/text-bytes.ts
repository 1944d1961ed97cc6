import type { Message } from "@synod/consensus";

/** What stands around a message, in bytes. */
const aroundMessage = 16;
/** What an image, a sound or a file may count for, in bytes: nobody says how many tokens it is. */
const otherPart = 65_536;

/** The bytes of a conversation as models read it. */
export function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + bytesOfMessage(message), 0);
}

function bytesOfMessage({ parts, toolCalls = [], reasoning = "", extraJson = "" }: Message): number {
  const said = parts.reduce(
    (sum, part) => sum + (part.type === "text" ? Buffer.byteLength(part.text) : otherPart),
    0,
  );
  const called = toolCalls.reduce(
    (sum, { name, argumentsJson }) => sum + Buffer.byteLength(name + argumentsJson),
    0,
  );
  return aroundMessage + said + called + Buffer.byteLength(reasoning + extraJson);
}
