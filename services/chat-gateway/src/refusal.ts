import { create } from "@bufbuild/protobuf";
import { FinishReason, Role } from "@synod/contracts/model";
import { type Completion, CompletionSchema } from "@synod/contracts/provider";
import { failureOf } from "@synod/rpc";
import { toldModelError } from "./paid.js";

/** Why a provider would not pass a question on to its model, in its words. Null for every other error. */
export function refusalOf(error: unknown): string | null {
  const { reason, message } = failureOf(error);
  return reason === "refused" ? message : null;
}

/**
 * A refusal that came as an error, as the answer that it is: an answer about the content.
 *
 * @param begun Whether something of an answer has gone out.
 * @throws every other error, as `toldModelError` tells it.
 */
export function refusalAsAnswer(error: unknown, begun = false): Completion {
  const refusal = refusalOf(error);
  if (refusal === null) throw toldModelError(error, begun);
  return create(CompletionSchema, {
    message: { role: Role.ASSISTANT, refusal },
    finishReason: FinishReason.CONTENT_FILTER,
  });
}
