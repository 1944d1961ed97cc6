import type { CompletionRequest } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";

/**
 * The question of a request.
 *
 * @throws SynodError `invalid_value` when there is none.
 */
export function completionOf(request: { completion?: CompletionRequest | undefined }): CompletionRequest {
  if (request.completion === undefined) {
    throw new SynodError({ reason: "invalid_value", message: "completion: is missing" });
  }
  return request.completion;
}
