import { create } from "@bufbuild/protobuf";
import type { Spent } from "@synod/consensus";
import { type SpentUsage, SpentUsageSchema } from "@synod/contracts/provider";
import { fromProtoUsage, toProtoUsage } from "./usage.js";

/** What was spent on calls that gave nothing, as the contract has it; unset for nothing. */
export function toProtoSpentOrUnset(spent: Spent | undefined): SpentUsage | undefined {
  return spent && create(SpentUsageSchema, { usage: toProtoUsage(spent.usage), attempts: spent.attempts });
}

/**
 * What was spent on calls that gave nothing, from the contract; undefined when no call was started.
 *
 * @throws MappingError when a figure is beyond 2^53 - 1.
 */
export function fromProtoSpent(spent: SpentUsage | undefined): Spent | undefined {
  if (spent?.usage === undefined || spent.attempts === 0) return undefined;
  return { usage: fromProtoUsage(spent.usage), attempts: spent.attempts };
}
