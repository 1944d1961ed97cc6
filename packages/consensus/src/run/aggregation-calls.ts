import { strategies } from "../strategies/registry.js";
import type { AggregationInput } from "../strategies/strategy.js";
import type { RunEvent } from "./event.js";
import { answersOf, isMemberEvent } from "./member-event.js";
import type { RunSpec } from "./spec.js";
import { voterCount } from "./voters.js";

/** How many models an aggregation asks at most where nothing is known of the answers, as for a round that was not asked. */
export function foretoldCalls(spec: RunSpec): number {
  const { strategy, layers } = spec.aggregation;
  return sum(strategies[strategy].calls(voterCount(spec.members), layers));
}

/** How many models the aggregation of a round asks, or would have asked, of the answers that there are. */
export function callsOfAggregation(events: readonly RunEvent[], round: number, spec: RunSpec): number {
  return sum(stepsOf(events, round, spec));
}

/**
 * How many models are being asked for the aggregation that goes on: all of its step, but for those that were reported.
 *
 * @param events of the run so far, from which an aggregation has begun and not ended.
 * @param reported How many of its calls were reported.
 */
export function callsGoingOn(events: readonly RunEvent[], spec: RunSpec, reported: number): number {
  const last = events.findLast((event) => event.type === "round_ended");
  if (last?.type !== "round_ended") return 0;
  let left = reported;
  for (const calls of stepsOf(events, last.round, spec)) {
    if (left < calls) return calls - left;
    left -= calls;
  }
  return 0;
}

/** What each step of a round's aggregation asks: the first by its prompts, which are known; the others as foretold. */
function stepsOf(events: readonly RunEvent[], round: number, spec: RunSpec): readonly number[] {
  const { layers } = spec.aggregation;
  const strategy = strategies[spec.aggregation.strategy];
  if (!strategy.needsModel) return [];
  const ofRound = events.filter(isMemberEvent).filter((event) => event.round === round);
  const answers = answersOf(ofRound, spec);
  const input: AggregationInput = {
    conversation: events.flatMap((event) => (event.type === "run_started" ? event.messages : [])),
    answers,
    answerFormat: spec.answerFormat,
    seed: spec.seed,
    nonce: "",
    members: spec.members,
    ...(layers !== undefined && { layers }),
  };
  const step = strategy.next(input, []);
  return "ask" in step ? [step.ask.length, ...strategy.calls(answers.length, layers).slice(1)] : [];
}

function sum(calls: readonly number[]): number {
  return calls.reduce((total, count) => total + count, 0);
}
