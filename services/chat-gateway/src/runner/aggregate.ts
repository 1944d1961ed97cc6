import { create } from "@bufbuild/protobuf";
import { callsGoingOn, type Outcome, type RunCommand, strategies } from "@synod/consensus";
import { type AggregateRequest, AggregateRequestSchema } from "@synod/contracts/aggregation";
import {
  fromProtoAggregatorCalled,
  fromProtoOutcome,
  fromProtoSpent,
  toProtoAggregator,
  toProtoAnswer,
  toProtoMember,
  toProtoMessages,
  toProtoResponseFormat,
  toProtoStrategy,
} from "@synod/mapping";
import { spentOf } from "@synod/rpc";
import type { Task } from "./task.js";

type Aggregate = Extract<RunCommand, { readonly type: "aggregate" }>;

/** Has one answer made of many. Its text is sent as it is written when it is sure to be the answer that goes out. */
export async function aggregate(command: Aggregate, task: Task): Promise<void> {
  const { round } = command;
  let outcome: Outcome | undefined;
  let textSent = false;
  let reported = 0;
  try {
    const responses = task.clients.aggregations.aggregate(requestOf(command, task), task.callOptions());
    for await (const { event } of responses) {
      switch (event.case) {
        case "delta":
          textSent = true;
          await task.text(event.value.text);
          break;
        case "called":
          reported += 1;
          await task.emit(fromProtoAggregatorCalled(round, event.value));
          break;
        case "aggregated":
          outcome = event.value.outcome && fromProtoOutcome(event.value.outcome);
          break;
        case undefined:
          break; // an event of a newer build
        default:
          event satisfies never;
      }
    }
    if (outcome === undefined) throw new Error("the aggregation's stream ended without an outcome");
    await task.emit({ type: "aggregated", round, outcome, aggregatorSkipped: false });
  } catch (error) {
    const failure = await task.failureOf(error);
    if (failure === null) return;
    const attempts = callsGoingOn(task.events, task.spec, reported);
    const lost = attempts === 0 ? undefined : fromProtoSpent(spentOf(error));
    const spent = lost && { spent: { ...lost, attempts } };
    await task.emit({ type: "aggregation_failed", round, failure, textSent, ...spent });
  }
}

function requestOf(command: Aggregate, { spec, messages, streams }: Task): AggregateRequest {
  return create(AggregateRequestSchema, {
    strategy: toProtoStrategy(spec.aggregation.strategy),
    messages: toProtoMessages([...messages, ...command.messages]),
    answers: command.answers.map(toProtoAnswer),
    answerFormat: spec.answerFormat,
    aggregator: toProtoAggregator({ ...spec.aggregation, prompt: command.prompt }),
    members: strategies[spec.aggregation.strategy].needsModel ? spec.members.map(toProtoMember) : [],
    responseFormat: spec.responseFormat && toProtoResponseFormat(spec.responseFormat),
    toolsJson: spec.toolsJson ?? "",
    layers: spec.aggregation.layers ?? 0,
    seed: command.seed,
    streamText: command.final && streams,
  });
}
