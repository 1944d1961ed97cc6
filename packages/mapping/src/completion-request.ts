import { create } from "@bufbuild/protobuf";
import type { ModelPrompt } from "@synod/consensus";
import { type CompletionRequest, CompletionRequestSchema } from "@synod/contracts/provider";
import { toProtoMessages } from "./message.js";
import { toProtoSampling } from "./sampling.js";

/**
 * A strategy's or a judge's question to one model, as the provider gateway is asked it.
 *
 * @param fallbacks Models to ask when it fails, in order.
 */
export function toProtoCompletionRequest(
  model: string,
  prompt: ModelPrompt,
  fallbacks: readonly string[] = [],
): CompletionRequest {
  return create(CompletionRequestSchema, {
    model,
    fallbacks: [...fallbacks],
    messages: toProtoMessages(prompt.messages),
    sampling: toProtoSampling(prompt.sampling),
  });
}
