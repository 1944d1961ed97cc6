import { parseJsonReply, type ReplyForm } from "../replies/json-reply.js";
import type { Reply } from "./strategy.js";

/** What a reply says; null when it failed, is missing or says nothing. */
export function saidText(reply: Reply | undefined): string | null {
  return reply?.status === "answered" && reply.text.trim() !== "" ? reply.text : null;
}

/** What a reply says that has to be JSON; null when it says nothing, or anything else. */
export function saidJson<T extends object>(reply: Reply | undefined, form: ReplyForm<T>): T | null {
  const text = saidText(reply);
  const parsed = text === null ? null : parseJsonReply(text, form);
  return parsed === null || "error" in parsed ? null : parsed.json;
}
