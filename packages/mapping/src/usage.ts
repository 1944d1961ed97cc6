import { create } from "@bufbuild/protobuf";
import type { Usage } from "@synod/consensus";
import { type Usage as ProtoUsage, UsageSchema } from "@synod/contracts/model";
import { toBigInt, toCount, toNumber } from "./scalar.js";

/**
 * A usage as the contract has it.
 *
 * @throws MappingError when a count is no whole number of 0 or more, or the cost no whole number.
 */
export function toProtoUsage(usage: Usage): ProtoUsage {
  return create(UsageSchema, {
    inputTokens: toCount(usage.inputTokens, "usage.input_tokens"),
    outputTokens: toCount(usage.outputTokens, "usage.output_tokens"),
    cachedInputTokens: toCount(usage.cachedInputTokens, "usage.cached_input_tokens"),
    reasoningTokens: toCount(usage.reasoningTokens, "usage.reasoning_tokens"),
    costUsdNanos:
      usage.costUsdNanos === null ? undefined : toBigInt(usage.costUsdNanos, "usage.cost_usd_nanos"),
    estimated: usage.estimated,
  });
}

/**
 * A usage from the contract.
 *
 * @throws MappingError when a figure is beyond 2^53 - 1.
 */
export function fromProtoUsage(usage: ProtoUsage): Usage {
  return {
    inputTokens: toNumber(usage.inputTokens, "usage.input_tokens"),
    outputTokens: toNumber(usage.outputTokens, "usage.output_tokens"),
    cachedInputTokens: toNumber(usage.cachedInputTokens, "usage.cached_input_tokens"),
    reasoningTokens: toNumber(usage.reasoningTokens, "usage.reasoning_tokens"),
    costUsdNanos:
      usage.costUsdNanos === undefined ? null : toNumber(usage.costUsdNanos, "usage.cost_usd_nanos"),
    estimated: usage.estimated,
  };
}

/** A usage that may not be there, as the contract has it. */
export function toProtoUsageOrUnset(usage: Usage | null): ProtoUsage | undefined {
  return usage === null ? undefined : toProtoUsage(usage);
}

/** A usage that may not be there, from the contract. */
export function fromProtoUsageOrNull(usage: ProtoUsage | undefined): Usage | null {
  return usage === undefined ? null : fromProtoUsage(usage);
}
