import { pluralityOutcome } from "../strategies/plurality.js";
import { strategies } from "../strategies/registry.js";
import type { AggregationInput, Outcome } from "../strategies/strategy.js";
import type { Course } from "./state.js";

/** The outcome of answers that agree: their best one. No model has to be asked for it. */
export function unanimousOutcome({ answers, spec }: Course): Outcome {
  return pluralityOutcome(answers, spec.answerFormat);
}

/**
 * What can be said without asking anyone: the strategy's own outcome where it needs no model, else the plurality of
 * the answers. `aggregatorUnavailable`: whether that is because the aggregation failed.
 */
export function fallbackOutcome(course: Course, aggregatorUnavailable: boolean): Outcome {
  const { answers, spec, messages } = course;
  const strategy = strategies[spec.aggregation.strategy];
  const input: AggregationInput = {
    conversation: messages,
    answers,
    answerFormat: spec.answerFormat,
    seed: spec.seed,
    nonce: "",
  };
  const step = strategy.needsModel ? null : strategy.next(input, []);
  const outcome =
    step !== null && "outcome" in step ? step.outcome : pluralityOutcome(answers, spec.answerFormat);
  return { ...outcome, aggregatorUnavailable };
}
