import { randomBytes } from "node:crypto";
import { type AggregationInput, strategies, type Strategy } from "@synod/consensus";
import type { AggregateRequest } from "@synod/contracts/aggregation";
import {
  fromProtoAggregator,
  fromProtoAnswer,
  fromProtoAnswerFormat,
  fromProtoMessages,
  fromProtoStrategy,
} from "@synod/mapping";
import { SynodError } from "@synod/rpc";

/** A request in the terms of the pure code. */
export interface Task {
  readonly strategy: Strategy;
  readonly input: AggregationInput;
  /** The model that is asked. Empty for a strategy that asks none. */
  readonly model: string;
  /** Whether deltas are wanted. */
  readonly streamText: boolean;
}

/**
 * Reads a request.
 *
 * @throws SynodError `invalid_value` when the strategy needs a model and none is named.
 */
export function decode(request: AggregateRequest): Task {
  const strategy = strategies[fromProtoStrategy(request.strategy)];
  const { aggregator } = request;
  if (strategy.needsModel && aggregator === undefined) {
    throw new SynodError({
      reason: "invalid_value",
      message: `aggregator: the strategy ${strategy.name} asks a model; name one`,
    });
  }
  return {
    strategy,
    model: aggregator?.model ?? "",
    streamText: request.streamText,
    input: {
      conversation: fromProtoMessages(request.messages),
      answers: request.answers.map(fromProtoAnswer),
      answerFormat: fromProtoAnswerFormat(request.answerFormat),
      seed: request.seed,
      // Drawn here because strategies are pure; long enough that no answer holds it.
      nonce: randomBytes(16).toString("hex"),
      ...(aggregator !== undefined && { aggregator: fromProtoAggregator(aggregator) }),
    },
  };
}
