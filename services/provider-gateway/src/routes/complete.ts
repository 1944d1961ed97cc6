import { create } from "@bufbuild/protobuf";
import {
  type CompleteRequest,
  type CompleteResponse,
  CompleteResponseSchema,
} from "@synod/contracts/provider";
import { callContext, type HandlerContext } from "@synod/rpc";
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
  context: HandlerContext,
): Promise<CompleteResponse> {
  const caller = callContext(context);
  const question = completionOf(request);
  try {
    const answer = await ask(deps, question, caller);
    try {
      while ((await answer.next()) !== null);
      return create(CompleteResponseSchema, { completion: answer.completion });
    } finally {
      answer.close();
    }
  } catch (error) {
    throw toRouteError(error, caller.signal, question);
  }
}
