import { create } from "@bufbuild/protobuf";
import type { ModelPrompt } from "@synod/consensus";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import { toProtoMessages } from "./message.js";
import { toProtoSampling } from "./sampling.js";

/** A strategy's or a judge's question to one model, as the provider gateway is asked it. */
export function toProtoCompletionRequest(model: string, prompt: ModelPrompt): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    messages: toProtoMessages(prompt.messages),
    sampling: toProtoSampling(prompt.sampling),
  });
}
