import { create } from "@bufbuild/protobuf";
import {
  type Completion,
  CompletionBegunSchema,
  CompletionDeltaSchema,
  CompletionFinishedSchema,
  type StreamCompletionRequest,
  type StreamCompletionResponse,
  StreamCompletionResponseSchema,
} from "@synod/contracts/provider";
import { callContext, type HandlerContext } from "@synod/rpc";
import type { Delta } from "../calls/answer-builder.js";
import { ask, type AskDeps } from "../calls/ask.js";
import { completionOf } from "./completion-of.js";
import { toRouteError } from "./failure.js";

/**
 * Asks one model and streams its answer as it is written.
 *
 * @throws SynodError
 */
export async function* streamCompletion(
  deps: AskDeps,
  request: StreamCompletionRequest,
  context: HandlerContext,
): AsyncGenerator<StreamCompletionResponse, void, undefined> {
  const caller = callContext(context);
  const question = completionOf(request);
  try {
    const answer = await ask(deps, question, caller);
    try {
      const { headers } = answer;
      if (Object.keys(headers).length > 0) yield toBegun(headers);
      for (let delta = await answer.next(); delta !== null; delta = await answer.next()) yield toDelta(delta);
      yield toFinished(answer.completion);
    } finally {
      answer.close();
    }
  } catch (error) {
    throw toRouteError(error, caller.signal, question);
  }
}

function toBegun(headers: Readonly<Record<string, string>>): StreamCompletionResponse {
  return create(StreamCompletionResponseSchema, {
    event: { case: "begun", value: create(CompletionBegunSchema, { headers: { ...headers } }) },
  });
}

function toDelta(delta: Delta): StreamCompletionResponse {
  return create(StreamCompletionResponseSchema, {
    event: { case: "delta", value: create(CompletionDeltaSchema, delta) },
  });
}

function toFinished(completion: Completion): StreamCompletionResponse {
  return create(StreamCompletionResponseSchema, {
    event: { case: "finished", value: create(CompletionFinishedSchema, { completion }) },
  });
}
