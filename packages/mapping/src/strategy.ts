import type { StrategyName } from "@synod/consensus";
import { Strategy } from "@synod/contracts/aggregation";
import { fromTable } from "./enum.js";

const toProto = {
  concatenate: Strategy.CONCATENATE,
  majority: Strategy.MAJORITY,
  synthesis: Strategy.SYNTHESIS,
  weighted: Strategy.WEIGHTED,
  fields: Strategy.FIELDS,
  tool_calls: Strategy.TOOL_CALLS,
  analysis: Strategy.ANALYSIS,
  most_consistent: Strategy.MOST_CONSISTENT,
  best_of: Strategy.BEST_OF,
  ranked: Strategy.RANKED,
  layered: Strategy.LAYERED,
} as const satisfies Record<StrategyName, Strategy>;

const fromProto = {
  [Strategy.UNSPECIFIED]: null,
  [Strategy.CONCATENATE]: "concatenate",
  [Strategy.MAJORITY]: "majority",
  [Strategy.SYNTHESIS]: "synthesis",
  [Strategy.WEIGHTED]: "weighted",
  [Strategy.FIELDS]: "fields",
  [Strategy.TOOL_CALLS]: "tool_calls",
  [Strategy.ANALYSIS]: "analysis",
  [Strategy.MOST_CONSISTENT]: "most_consistent",
  [Strategy.BEST_OF]: "best_of",
  [Strategy.RANKED]: "ranked",
  [Strategy.LAYERED]: "layered",
} as const satisfies Record<Strategy, StrategyName | null>;

/** The contract's value of a strategy. */
export function toProtoStrategy(name: StrategyName): Strategy {
  return toProto[name];
}

/**
 * The strategy behind the contract's value.
 *
 * @throws MappingError when it is unspecified or unknown.
 */
export function fromProtoStrategy(strategy: Strategy): StrategyName {
  return fromTable<Strategy, StrategyName>(fromProto, strategy, "strategy");
}
