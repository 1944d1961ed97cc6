import type { Voter } from "../strategies/strategy.js";
import type { MemberSpec, RunSpec } from "./spec.js";

/** The models of which one is asked by a call. */
export type ModelsAsked = readonly string[];

/** Whom a call for a voter asks. */
export function modelsOfVoter({ member }: Voter, { members }: RunSpec): ModelsAsked {
  const seat = members[member];
  return seat === undefined ? [] : modelsOfMember(seat);
}

/** Whom a call of an aggregation asks: the aggregator, and members where the strategy asks them too. */
export function modelsOfAggregation({ aggregation, members }: RunSpec): ModelsAsked {
  return [aggregation.model, ...members.flatMap(modelsOfMember)];
}

/** Whether a call costs nothing, whatever comes of it: whoever it may ask is simulated. */
export function isFree(asked: ModelsAsked, { simulatedModels = [] }: RunSpec): boolean {
  return asked.length > 0 && asked.every((model) => simulatedModels.includes(model));
}

function modelsOfMember({ model, fallbacks }: MemberSpec): ModelsAsked {
  return [model, ...fallbacks];
}
