import type { CompletionRequest } from "@synod/contracts/provider";

/** How large a call is. */
export interface CallSize {
  /** The bytes of what it says in text. What an image or a file counts is not known. */
  readonly sentBytes: number;
  /** The most tokens that the model may write, where the request says so. */
  readonly maxOutputTokens: number | undefined;
  /** What limits of tokens count for it: what is read, four bytes a token, and the most that may be written. */
  readonly tokens: number;
}

/** Bytes of a token, roughly: a tokenizer fits one family of models only, and is slow. */
export const bytesPerToken = 4;

/** Measures a request. */
export function sizeOf(request: CompletionRequest): CallSize {
  const sentBytes = textBytesOf(request);
  const maxOutputTokens = request.sampling?.maxOutputTokens;
  const tokens = Math.ceil(sentBytes / bytesPerToken) + (maxOutputTokens ?? 0);
  return { sentBytes, maxOutputTokens, tokens };
}

function textBytesOf({ prompt, messages, extraJson }: CompletionRequest): number {
  let bytes = Buffer.byteLength(prompt) + Buffer.byteLength(extraJson);
  for (const { parts, toolCalls } of messages) {
    for (const { content } of parts) if (content.case === "text") bytes += Buffer.byteLength(content.value);
    for (const call of toolCalls) bytes += Buffer.byteLength(call.argumentsJson);
  }
  return bytes;
}
