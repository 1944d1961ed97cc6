import { randomUUID } from "node:crypto";
import type { Dialect } from "../dialect.js";
import { chatBody, chatStream, chatStreamError, chatUnary } from "./chat.js";
import { openrouterInvalid, openrouterMissingModel, openrouterRefusal } from "./errors.js";
import { textBody, textStream, textUnary } from "./text-completion.js";

const common = {
  provider: "openrouter",
  newId: (createdSeconds) => `gen-${createdSeconds}-${randomUUID().replaceAll("-", "").slice(0, 20)}`,
  streamError: chatStreamError,
  refuse: (refusal, { now }) => openrouterRefusal(refusal, now),
  invalid: openrouterInvalid,
  missingModel: openrouterMissingModel,
  // OpenRouter drops what it does not support.
  unsupported: () => undefined,
} as const satisfies Partial<Dialect>;

/** OpenRouter's `POST /chat/completions`. */
export const openrouterChat: Dialect = { ...common, unary: chatUnary, stream: chatStream, body: chatBody };

/** OpenRouter's `POST /completions`. */
export const openrouterText: Dialect = { ...common, unary: textUnary, stream: textStream, body: textBody };
