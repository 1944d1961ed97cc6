import { shareOf } from "../voting/tally.js";
import { answerSchemaText } from "./answer-shape.js";
import { backingOf } from "./backing.js";
import { fieldsOutcome } from "./fields.js";
import { pluralityOutcome, votesOf } from "./plurality.js";
import type { AggregationInput, Answer, Outcome } from "./strategy.js";

/**
 * One of the answers, word for word. Its agreement is the share of the votes for its key: how many answered the same,
 * not how many would have chosen it.
 */
export function pickedOutcome(input: AggregationInput, picked: Answer, promptVersion: string): Outcome {
  const votes = votesOf(input.answers, input.answerFormat);
  const answerKey = votes[input.answers.indexOf(picked)]?.answerKey ?? "";
  return {
    text: picked.text,
    answerKey,
    agreement: shareOf(answerKey, votes),
    votes,
    promptVersion,
    aggregatorUnavailable: false,
  };
}

/** A text that a model wrote from the answers. Its agreement is that of the votes with it. */
export function writtenOutcome(input: AggregationInput, text: string, promptVersion: string): Outcome {
  const { answers, answerFormat } = input;
  return {
    text,
    ...backingOf(text, answers, answerFormat),
    votes: votesOf(answers, answerFormat),
    promptVersion,
    aggregatorUnavailable: false,
  };
}

/**
 * What is left when no model said anything usable: see `localOutcome`.
 *
 * @param promptVersion of the prompt that came to nothing.
 */
export function unavailableOutcome(input: AggregationInput, promptVersion: string): Outcome {
  return { ...localOutcome(input), promptVersion, aggregatorUnavailable: true };
}

/**
 * What can be said without a model: the plurality of the answers, which is the best single answer by weight where all of
 * them differ; where an answer of a schema was asked for, what they agree on field by field.
 */
export function localOutcome(input: AggregationInput): Outcome {
  return answerSchemaText(input) === null
    ? pluralityOutcome(input.answers, input.answerFormat)
    : fieldsOutcome(input);
}
