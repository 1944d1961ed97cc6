import { fields } from "../strategies/fields.js";
import type { AggregationInput, Answer, Outcome } from "../strategies/strategy.js";
import { answersSaying } from "./answers.js";
import { question } from "./specs.js";

/** What `fields` makes of these answers. */
export function fieldsOutcome(answers: readonly Answer[], schema?: unknown): Outcome {
  const input: AggregationInput = {
    conversation: question,
    answers,
    answerFormat: "json",
    seed: 1,
    nonce: "n0nce123",
    ...(schema !== undefined && {
      responseFormat: {
        type: "json_schema",
        name: "answer",
        schemaJson: JSON.stringify(schema),
        strict: true,
      },
    }),
  };
  const step = fields.next(input, []);
  if (!("outcome" in step)) throw new Error("it has not concluded");
  return step.outcome;
}

/** What `fields` makes of these values, each as the JSON of one answer. */
export const fieldsOf = (
  values: readonly unknown[],
  schema?: unknown,
  weights?: readonly number[],
): Outcome =>
  fieldsOutcome(
    answersSaying(
      values.map((value) => JSON.stringify(value)),
      weights,
    ),
    schema,
  );

/** The schema of an object with exactly these members. */
export const objectOf = (properties: object, more: object = {}) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
