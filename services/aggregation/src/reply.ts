import type { Failure } from "@synod/consensus";
import { FinishReason } from "@synod/contracts/model";
import type { Completion } from "@synod/contracts/provider";
import { textOfProtoCompletion } from "@synod/mapping";

/** An answer that broke off without a word on how it ends. */
export const noEnd: Failure = {
  reason: "invalid_upstream_response",
  message: "the answer has no end",
  retryable: true,
};

/** Why what a model said cannot be used; null when it can. */
export function uselessness(completion: Completion): Failure | null {
  if (completion.finishReason === FinishReason.CONTENT_FILTER) {
    return { reason: "refused", message: "the provider's filter took the text away", retryable: false };
  }
  if (textOfProtoCompletion(completion).trim() !== "") return null;
  if ((completion.message?.refusal ?? "") !== "") {
    return { reason: "refused", message: "the model refused to answer", retryable: false };
  }
  return { reason: "empty_answer", message: "the model wrote nothing", retryable: true };
}
