import { create } from "@bufbuild/protobuf";
import {
  type CompleteRequest,
  type CompleteResponse,
  CompleteResponseSchema,
} from "@synod/contracts/provider";
import { type HandlerContext } from "@synod/rpc";
import { ask, type AskDeps } from "../calls/ask.js";
import { completionOf } from "./completion-of.js";
import { toRouteError } from "./failure.js";

/**
 * Asks one model and returns its whole answer.
 *
 * @throws SynodError
 */
export async function complete(
  deps: AskDeps,
  request: CompleteRequest,
  { signal }: HandlerContext,
): Promise<CompleteResponse> {
  const question = completionOf(request);
  try {
    const answer = await ask(deps, question, signal);
    try {
      while ((await answer.next()) !== null);
      return create(CompleteResponseSchema, { completion: answer.completion });
    } finally {
      answer.close();
    }
  } catch (error) {
    throw toRouteError(error, signal, question);
  }
}
