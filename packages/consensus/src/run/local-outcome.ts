import { localOutcome } from "../strategies/outcomes.js";
import { strategies } from "../strategies/registry.js";
import type { AggregationInput, Outcome } from "../strategies/strategy.js";
import type { Course } from "./state.js";

/** The outcome of answers that agree: their best one, in the shape that was asked for. No model is asked for it. */
export function unanimousOutcome(course: Course): Outcome {
  return localOutcome(inputOf(course));
}

/**
 * What can be said without asking anyone: the strategy's own outcome where it needs no model, else the plurality of
 * the answers. `aggregatorUnavailable`: whether that is because the aggregation failed.
 */
export function fallbackOutcome(course: Course, aggregatorUnavailable: boolean): Outcome {
  const strategy = strategies[course.spec.aggregation.strategy];
  const input = inputOf(course);
  const step = strategy.needsModel ? null : strategy.next(input, []);
  const outcome = step !== null && "outcome" in step ? step.outcome : localOutcome(input);
  return { ...outcome, aggregatorUnavailable };
}

/** What a strategy that needs no model reads. */
export function inputOf({
  answers,
  spec,
  messages,
}: Pick<Course, "answers" | "spec" | "messages">): AggregationInput {
  const { answerFormat, seed, responseFormat, toolsJson } = spec;
  return {
    conversation: messages,
    answers,
    answerFormat,
    seed,
    nonce: "",
    ...(responseFormat !== undefined && { responseFormat }),
    ...(toolsJson !== undefined && { toolsJson }),
  };
}
