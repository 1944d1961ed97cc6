import type { Voter } from "../strategies/strategy.js";
import { callsGoingOn } from "./aggregation-calls.js";
import type { RunEvent } from "./event.js";
import { isMemberEvent } from "./member-event.js";
import type { RunSpec } from "./spec.js";
import { type ModelsAsked, modelsOfAggregation, modelsOfVoter } from "./models-asked.js";
import { askedVoters, isSameVoter } from "./voters.js";

/**
 * The calls that were going on when the deadline or the caller's leaving interrupted a run, of which nothing was heard
 * since, each as the models of which it asks one: it was started, and nobody knows what it cost.
 */
export function outstandingCalls(events: readonly RunEvent[], spec: RunSpec): readonly ModelsAsked[] {
  const end = events.findIndex((event) => event.type === "deadline_reached" || event.type === "caller_left");
  if (end < 0) return [];
  const begun = events.slice(0, end).findLastIndex((event) => steps.has(event.type));
  const step = events[begun];
  // What is reported later was not lost.
  const heard = events.slice(begun + 1);
  const count = (type: RunEvent["type"]): number => heard.filter((event) => event.type === type).length;
  const aggregator = (): readonly ModelsAsked[] => {
    const calls = callsGoingOn(events.slice(0, end), spec, count("aggregator_called"));
    return Array.from({ length: calls }, () => modelsOfAggregation(spec));
  };
  const judges =
    spec.judge.mode === "off" || count("judged") > 0 ? [] : spec.judge.models.map((model) => [model]);
  switch (step?.type) {
    case "round_started": {
      const done = heard.filter(isMemberEvent);
      const isOut = (voter: Voter): boolean => !done.some((event) => isSameVoter(event.voter, voter));
      const hedged = heard.flatMap((event) =>
        event.type === "member_hedged" && isOut(event.voter) ? [event.voter] : [],
      );
      const out = [...askedVoters(heard, step.round, spec).filter(isOut), ...hedged];
      return out.map((voter) => modelsOfVoter(voter, spec));
    }
    case "round_ended":
      return step.usable >= step.quorum ? aggregator() : judges;
    case "regeneration_started":
      return spec.judge.regenerate === "round" ? [] : aggregator();
    case "aggregated":
    case "aggregation_failed":
      return judges;
    default:
      return [];
  }
}

/** The events after which something else is asked. */
const steps: ReadonlySet<RunEvent["type"]> = new Set([
  "round_started",
  "round_ended",
  "aggregated",
  "aggregation_failed",
  "judged",
  "judge_failed",
  "regeneration_started",
]);
