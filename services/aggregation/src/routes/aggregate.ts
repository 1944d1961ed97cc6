import { create } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import type { Failure, Outcome, Prompt, Reply } from "@synod/consensus";
import {
  type AggregateRequest,
  type AggregateResponse,
  AggregateResponseSchema,
} from "@synod/contracts/aggregation";
import { toProtoOutcome } from "@synod/mapping";
import { type CallContext, callContext, SynodError } from "@synod/rpc";
import { type Asked, ask, askStreaming, type Question } from "../ask.js";
import type { AggregationDeps } from "../create.js";
import { decode, type Task } from "../decode.js";
import type { AggregationEvents } from "../events.js";
import { isLastQuestion } from "../question.js";

// A strategy concludes after a few steps; one that does not is a defect, and must not go on buying answers.
const maxSteps = 8;

/**
 * Applies a strategy: it says what to ask, is told what came back, and so on until it concludes.
 *
 * @throws SynodError `invalid_value` for a request that the strategy cannot use; `aggregator_unavailable` when the
 *   aggregator failed after a part of its text was sent.
 */
export async function* aggregate(
  deps: AggregationDeps,
  events: AggregationEvents,
  request: AggregateRequest,
  context: HandlerContext,
): AsyncGenerator<AggregateResponse, void, undefined> {
  const task = decode(request);
  const call = callContext(context);
  const logger = deps.logger.child({ request_id: call.requestId });
  const count = (result: string) => events.aggregations.inc({ strategy: task.strategy.name, result });
  const replies: Reply[] = [];
  for (let step = 0; step < maxSteps; step++) {
    const next = task.strategy.next(task.input, replies);
    if ("outcome" in next) {
      count(next.outcome.aggregatorUnavailable ? "fallback" : "aggregated");
      yield aggregated(next.outcome);
      return;
    }
    for (const asked of yield* askAll(deps, call, task, replies, next.ask)) {
      measure(events, asked);
      if (asked.failure !== null)
        logger.warn({ model: task.model, failure: asked.failure }, "aggregator failed");
      yield create(AggregateResponseSchema, { event: { case: "called", value: asked.called } });
      if (asked.failure !== null && asked.streamed) {
        count("failed");
        throw cutShort(asked.failure);
      }
      replies.push(asked.reply);
    }
  }
  count("failed");
  throw new Error(`the strategy ${task.strategy.name} did not conclude after ${maxSteps} steps`);
}

async function* askAll(
  deps: AggregationDeps,
  call: CallContext,
  task: Task,
  replies: readonly Reply[],
  prompts: readonly Prompt[],
): AsyncGenerator<AggregateResponse, readonly Asked[], undefined> {
  const questions = prompts.map((prompt): Question => ({
    providers: deps.providers,
    model: task.model,
    prompt,
    call,
  }));
  const [only] = questions;
  if (only !== undefined && task.streamText && isLastQuestion(task.strategy, task.input, replies, prompts)) {
    return [yield* askStreaming(only)];
  }
  return await Promise.all(questions.map(ask));
}

function aggregated(outcome: Outcome): AggregateResponse {
  return create(AggregateResponseSchema, {
    event: { case: "aggregated", value: { outcome: toProtoOutcome(outcome) } },
  });
}

// A part of the text is with the caller, who must not read another answer after it.
function cutShort(failure: Failure): SynodError {
  const { message, retryable, retryAfterMs } = failure;
  return new SynodError({
    reason: "aggregator_unavailable",
    message: `the aggregator failed in the middle of its answer: ${message}`,
    retryable,
    retryAfterMs,
  });
}

function measure(events: AggregationEvents, { called, failure }: Asked): void {
  const result = failure?.reason ?? "answered";
  events.calls.inc({ result });
  events.duration.observe({ result }, Number(called.latencyMs) / 1000);
}
