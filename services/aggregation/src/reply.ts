import type { Failure } from "@synod/consensus";
import { FinishReason } from "@synod/contracts/model";
import type { Completion } from "@synod/contracts/provider";
import { textOfProtoCompletion } from "@synod/mapping";

/** Why what the aggregator said cannot be used; null when it can. */
export function uselessness(completion: Completion | undefined): Failure | null {
  if (completion === undefined) {
    return { reason: "invalid_upstream_response", message: "the answer has no end", retryable: true };
  }
  if (completion.finishReason === FinishReason.CONTENT_FILTER) {
    return { reason: "refused", message: "the provider's filter took the text away", retryable: false };
  }
  if (textOfProtoCompletion(completion).trim() !== "") return null;
  if ((completion.message?.refusal ?? "") !== "") {
    return { reason: "refused", message: "the model refused to answer", retryable: false };
  }
  return { reason: "empty_answer", message: "the model wrote nothing", retryable: true };
}
