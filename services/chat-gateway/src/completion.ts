import { create } from "@bufbuild/protobuf";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import { toProtoMessages, toProtoSampling } from "@synod/mapping";
import type { Question, TextQuestion } from "./question.js";

/** Headers for the provider, by their names in lower case. */
type ProviderHeaders = Record<string, string>;

/** The question to one model as the provider gateway takes it. */
export function completionOf(
  { model, messages, sampling, extraJson }: Question,
  headers: ProviderHeaders = {},
): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    messages: toProtoMessages(messages),
    sampling: toProtoSampling(sampling),
    extraJson,
    headers,
  });
}

/** A text to be continued as the provider gateway takes it. */
export function textCompletionOf(
  { model, prompt, sampling, extraJson }: TextQuestion,
  headers: ProviderHeaders,
): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    prompt,
    sampling: toProtoSampling(sampling),
    extraJson,
    headers,
  });
}
