import { randomBytes } from "node:crypto";
import { type AggregationInput, isSchema, schemaExcess, strategies, type Strategy } from "@synod/consensus";
import type { AggregateRequest } from "@synod/contracts/aggregation";
import {
  fromProtoAggregator,
  fromProtoAnswer,
  fromProtoAnswerFormat,
  fromProtoMessages,
  fromProtoResponseFormat,
  fromProtoSampling,
  fromProtoStrategy,
} from "@synod/mapping";
import { SynodError } from "@synod/rpc";
import type { ModelSeat } from "./ask.js";

/** A request in the terms of the pure code. */
export interface Task {
  readonly strategy: Strategy;
  /** What the strategy reads. Its nonce is new each time. */
  readonly input: () => AggregationInput;
  /**
   * Who is asked.
   *
   * @throws SynodError `invalid_value` when the request names nobody there.
   */
  readonly seatOf: (to: "aggregator" | number) => ModelSeat;
  /** Whether deltas are wanted. */
  readonly streamText: boolean;
}

/**
 * Reads a request.
 *
 * @throws SynodError `invalid_value` when the strategy needs a model and none is named, and for a response format whose
 *   schema is none or too large.
 */
export function decode(request: AggregateRequest): Task {
  const strategy = strategies[fromProtoStrategy(request.strategy)];
  const { aggregator, layers, members, toolsJson } = request;
  if (strategy.needsModel && aggregator === undefined) {
    throw invalid(`aggregator: the strategy ${strategy.name} asks a model; name one`);
  }
  const responseFormat = request.responseFormat && fromProtoResponseFormat(request.responseFormat);
  if (responseFormat?.type === "json_schema") checkSchema(responseFormat.schemaJson);
  const input = {
    conversation: fromProtoMessages(request.messages),
    answers: request.answers.map(fromProtoAnswer),
    answerFormat: fromProtoAnswerFormat(request.answerFormat),
    seed: request.seed,
    members: members.map(({ sampling }) => ({ sampling: fromProtoSampling(sampling) })),
    ...(aggregator !== undefined && { aggregator: fromProtoAggregator(aggregator) }),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(toolsJson !== "" && { toolsJson }),
    ...(layers > 0 && { layers }),
  };
  return {
    strategy,
    streamText: request.streamText,
    // Drawn here because strategies are pure; long enough that no answer holds it.
    input: () => ({ ...input, nonce: randomBytes(16).toString("hex") }),
    seatOf(to) {
      if (to === "aggregator") return { model: aggregator?.model ?? "", fallbacks: [] };
      const seat = members[to];
      if (seat === undefined) throw invalid(`members: ${strategy.name} asks member ${to}, who is not there`);
      return seat;
    },
  };
}

function checkSchema(schemaJson: string): void {
  if (!isSchema(schemaJson)) throw invalid("response_format.schema_json: is not a JSON Schema");
  const excess = schemaExcess(schemaJson);
  if (excess !== null) throw invalid(`response_format.schema_json: ${excess}`);
}

function invalid(message: string): SynodError {
  return new SynodError({ reason: "invalid_value", message });
}
