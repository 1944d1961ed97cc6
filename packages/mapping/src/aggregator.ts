import { create } from "@bufbuild/protobuf";
import type { AggregationInput, AggregationSpec, RunEvent } from "@synod/consensus";
import {
  AggregatorCalledSchema,
  AggregatorSchema,
  type Aggregator as ProtoAggregator,
  type AggregatorCalled as ProtoAggregatorCalled,
} from "@synod/contracts/aggregation";
import { FinishReason } from "@synod/contracts/model";
import { fromProtoFailureOrNull, toProtoFailureOrUnset } from "./failure.js";
import { fromProtoMessages, toProtoMessages } from "./message.js";
import { fromProtoSampling, toProtoSampling } from "./sampling.js";
import { toMilliseconds, toNumber } from "./scalar.js";
import { fromProtoUsageOrNull, toProtoUsageOrUnset } from "./usage.js";

type AggregatorCalled = Extract<RunEvent, { readonly type: "aggregator_called" }>;

/** The model that aggregates, as `Aggregate` asks for it; undefined when the settings name none. */
export function toProtoAggregator(spec: AggregationSpec): ProtoAggregator | undefined {
  if (spec.model === "") return undefined;
  return create(AggregatorSchema, {
    model: spec.model,
    sampling: toProtoSampling(spec.sampling),
    context: toProtoMessages(spec.context),
    prompt: toProtoMessages(spec.prompt),
  });
}

/**
 * What a strategy reads of the model that aggregates, from the contract.
 *
 * @throws MappingError when something in it is unspecified or unknown.
 */
export function fromProtoAggregator(
  aggregator: ProtoAggregator,
): NonNullable<AggregationInput["aggregator"]> {
  return {
    sampling: fromProtoSampling(aggregator.sampling),
    context: fromProtoMessages(aggregator.context),
    prompt: fromProtoMessages(aggregator.prompt),
  };
}

/** A call of the aggregator as the contract has it, without the answer, which a run does not keep. */
export function toProtoAggregatorCalled(event: AggregatorCalled): ProtoAggregatorCalled {
  return create(AggregatorCalledSchema, {
    model: event.model,
    usage: toProtoUsageOrUnset(event.usage),
    failure: toProtoFailureOrUnset(event.failure),
    latencyMs: toMilliseconds(event.latencyMs, "aggregator_called.latency_ms"),
    truncated: event.truncated ?? false,
    promptVersion: event.promptVersion ?? "",
    member: event.member,
    attempts: event.attempts ?? 0,
  });
}

/**
 * A call of the aggregator from the contract.
 *
 * @param round The round it belongs to, from 1.
 * @throws MappingError when a figure is beyond 2^53 - 1.
 */
export function fromProtoAggregatorCalled(round: number, called: ProtoAggregatorCalled): AggregatorCalled {
  const truncated = called.truncated || called.completion?.finishReason === FinishReason.LENGTH;
  return {
    type: "aggregator_called",
    round,
    model: called.model,
    usage: fromProtoUsageOrNull(called.usage),
    failure: fromProtoFailureOrNull(called.failure),
    latencyMs: toNumber(called.latencyMs, "aggregator_called.latency_ms"),
    ...(truncated && { truncated }),
    ...(called.promptVersion !== "" && { promptVersion: called.promptVersion }),
    ...(called.member !== undefined && { member: called.member }),
    ...(called.attempts > 0 && { attempts: called.attempts }),
  };
}
