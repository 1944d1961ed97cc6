import { create } from "@bufbuild/protobuf";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import { toProtoMessages, toProtoSampling } from "@synod/mapping";
import type { Question, TextQuestion } from "./question.js";

/** The question to one model as the provider gateway takes it. */
export function completionOf({ model, messages, sampling, extraJson }: Question): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    messages: toProtoMessages(messages),
    sampling: toProtoSampling(sampling),
    extraJson,
  });
}

/** A text to be continued as the provider gateway takes it. */
export function textCompletionOf({ model, prompt, sampling, extraJson }: TextQuestion): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    prompt,
    sampling: toProtoSampling(sampling),
    extraJson,
  });
}
