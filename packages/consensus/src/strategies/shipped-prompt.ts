import type { Message } from "../run/conversation.js";
import { textMessage } from "../run/message-text.js";

/** The words of a prompt. A change is a new file with a new version, never an edit. */
export interface ShippedPrompt {
  /** Example: `synthesis/1`. */
  readonly version: string;
  /** What to do, before the data. */
  readonly instructions: string;
  /** What to reply, after the data. */
  readonly reply: string;
}

/** A shipped prompt about some data: fixed instructions, the data, what to reply. */
export function shippedMessages(
  { instructions, reply }: ShippedPrompt,
  data: readonly string[],
): readonly Message[] {
  return [textMessage("system", instructions), textMessage("user", [...data, reply].join("\n\n"))];
}
