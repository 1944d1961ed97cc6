import { cutText } from "./cut-text.js";

/** Characters of an answer that a prompt shows. */
export const MAX_ANSWER_CHARS = 32_000;

/** An answer as prompts show it: at most 32,000 characters, and a mark where it was cut. */
export function shownAnswer(text: string): string {
  const cut = cutText(text, MAX_ANSWER_CHARS);
  return cut === text ? text : `${cut}\n[cut: only the first ${MAX_ANSWER_CHARS} characters are shown]`;
}
