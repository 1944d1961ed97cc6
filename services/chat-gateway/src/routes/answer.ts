import { randomUUID } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import {
  type ChatResponse,
  ChatResponseSchema,
  type RunAnswer,
  RunAnswerSchema,
} from "@synod/contracts/chat";
import { ContentPartSchema, MessageSchema, Role } from "@synod/contracts/model";
import type { Completion } from "@synod/contracts/provider";
import {
  toProtoConsensus,
  toProtoFinishReason,
  toProtoSpentOrUnset,
  toProtoToolCall,
  toProtoUsage,
} from "@synod/mapping";
import { SynodError } from "@synod/rpc";
import { endingOf, type RunEnding, toldFailure, wasPaid } from "../run-ending.js";
import type { FinishedRun } from "../runner/run-so-far.js";

const idOf = (id: string): string => `chatcmpl-${id}`;

/** One model's answer. */
export function modelAnswer(model: string, completion: Completion): ChatResponse {
  const { message, finishReason, usage } = completion;
  return create(ChatResponseSchema, { id: idOf(randomUUID()), model, message, finishReason, usage });
}

/**
 * A panel's answer.
 *
 * @param sent What of it has been streamed.
 * @throws SynodError with why there is none, the run's id as `run_id`, and what was spent.
 */
export function panelAnswer(model: string, run: FinishedRun, sent = ""): ChatResponse {
  const ending = endingOf(run, sent);
  if (ending.type === "failure") {
    const { usage, calls } = run.record;
    const spent = wasPaid(run.record) ? toProtoSpentOrUnset({ usage, attempts: calls.made }) : undefined;
    throw new SynodError(toldFailure(ending.failure, run.record), { metadata: { run_id: run.runId }, spent });
  }
  const { message, finishReason, usage } = runAnswer(run, ending);
  const consensus = toProtoConsensus(run.runId, run.record);
  return create(ChatResponseSchema, { id: idOf(run.runId), model, message, finishReason, usage, consensus });
}

/** What a run has answered. */
export function runAnswer(
  { record }: Pick<FinishedRun, "record">,
  ending: Exclude<RunEnding, { readonly type: "failure" }>,
): RunAnswer {
  const isAnswer = ending.type === "answer";
  return create(RunAnswerSchema, {
    message: create(MessageSchema, {
      role: Role.ASSISTANT,
      parts:
        isAnswer && ending.text !== ""
          ? [create(ContentPartSchema, { content: { case: "text", value: ending.text } })]
          : [],
      toolCalls: isAnswer ? ending.toolCalls.map(toProtoToolCall) : [],
      refusal: isAnswer ? "" : ending.text,
    }),
    finishReason: toProtoFinishReason(ending.finishReason),
    usage: toProtoUsage(record.usage),
  });
}
