import type { CompletionRequest } from "@synod/contracts/provider";

const windowLength = 16;
const step = 8;
/** Texts shorter than this say nothing about anybody. */
const shortest = 8;
/** Conversations are compared this far, in characters: an error must not hold up everybody else. */
const longestScan = 256 * 1024;

/**
 * Whether an upstream's message repeats something of the conversation: a piece of 24 characters or more, or a whole text
 * of 8 or more. Errors reach logs, and conversations must not.
 */
export function echoes(message: string, request: CompletionRequest): boolean {
  let left = longestScan;
  for (const text of textsOf(request)) {
    if (left <= 0) return false;
    const scanned = text.slice(0, left);
    left -= scanned.length;
    if (repeats(message, scanned)) return true;
  }
  return false;
}

function repeats(message: string, text: string): boolean {
  const whole = text.trim();
  if (whole.length >= shortest && message.includes(whole)) return true;
  for (let at = 0; at + windowLength <= message.length; at += step) {
    if (text.includes(message.slice(at, at + windowLength))) return true;
  }
  return false;
}

function* textsOf(request: CompletionRequest): Generator<string> {
  for (const message of request.messages) {
    for (const { content } of message.parts) if (content.value !== undefined) yield content.value;
    for (const call of message.toolCalls) yield call.argumentsJson;
  }
  yield request.extraJson;
}
