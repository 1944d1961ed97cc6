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
import { asCompleted } from "../as-completed.js";
import { type Answering, type Asked, askStreaming, type Question } from "../ask.js";
import { askShaped } from "../ask-shaped.js";
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
    const next = task.strategy.next(task.input(), replies);
    if ("outcome" in next) {
      count(next.outcome.aggregatorUnavailable ? "fallback" : "aggregated");
      yield aggregated(next.outcome);
      return;
    }
    // In the order of the prompts, whoever answers first.
    const said: Reply[] = [];
    for await (const answer of askAll(deps, call, task, replies, next.ask)) {
      if ("delta" in answer) {
        yield answer.delta;
        continue;
      }
      const { asked, index } = answer;
      measure(events, asked);
      if (asked.failure !== null) {
        logger.warn({ model: asked.called.model, failure: asked.failure }, "a model failed to aggregate");
      }
      yield create(AggregateResponseSchema, { event: { case: "called", value: asked.called } });
      if (asked.failure !== null && asked.streamed) {
        count("failed");
        throw cutShort(asked.failure);
      }
      said[index] = asked.reply;
    }
    replies.push(...said);
  }
  count("failed");
  throw new Error(`the strategy ${task.strategy.name} did not conclude after ${maxSteps} steps`);
}

/** Asks all of one step at once, and tells what came of each as it comes. */
async function* askAll(
  deps: AggregationDeps,
  call: CallContext,
  task: Task,
  replies: readonly Reply[],
  prompts: readonly Prompt[],
): AsyncGenerator<Answering, void, undefined> {
  const questions = prompts.map((prompt): Question => ({
    providers: deps.providers,
    to: task.seatOf(prompt.to),
    prompt,
    call,
  }));
  const [only] = questions;
  if (
    only !== undefined &&
    task.streamText &&
    isLastQuestion(task.strategy, task.input(), replies, prompts)
  ) {
    return yield* askStreaming(only);
  }
  for await (const { index, result } of asCompleted(questions.map(askShaped))) yield { index, asked: result };
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
