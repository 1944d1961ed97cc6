import { randomUUID } from "node:crypto";
import type { Dialect } from "../dialect.js";
import { groqBody, groqStream, groqStreamError, groqUnary } from "./chat.js";
import { groqInvalid, groqMissingModel, groqRefusal, groqUnsupported } from "./errors.js";

/** Groq's `POST /chat/completions`. */
export const groqChat: Dialect = {
  provider: "groq",
  newId: () => `chatcmpl-${randomUUID()}`,
  unary: groqUnary,
  stream: groqStream,
  body: groqBody,
  streamError: groqStreamError,
  refuse: (refusal, { model, now }) => groqRefusal(refusal, model, now),
  invalid: groqInvalid,
  missingModel: groqMissingModel,
  unsupported: groqUnsupported,
};
