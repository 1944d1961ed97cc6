import { type Ballot, castBallots } from "../answers/ballots.js";
import { jsonIn } from "../answers/json-values.js";
import { shortKey } from "../answers/short-key.js";
import { mergeAnswers } from "../fields/merge-values.js";
import type { Entry } from "../fields/merging.js";
import { mostTypical } from "../fields/most-typical.js";
import { jsonKey, jsonText } from "../json/write-json.js";
import { schemaProblem } from "../schema/check.js";
import type { Schema } from "../schema/schema.js";
import { shareOf } from "../voting/tally.js";
import { answerSchema } from "./answer-shape.js";
import { leaveOneOut } from "./leave-one-out.js";
import type { AggregationInput, Answer, FieldAgreement, Outcome, Strategy } from "./strategy.js";

/** Subschemas that are applied at most, to all answers together. */
const MAX_EVALUATIONS = 400_000;

/** The schema of those who asked for none. */
const anything: Schema = { root: true };

/** Characters that are read at most to say what each answer did: all answers, once without each of them. */
const MAX_LEFT_OUT = 400_000;

/** Values whose agreement an outcome lists. */
const MAX_LISTED = 1_000;

/**
 * Agrees field by field on answers of one JSON Schema: see `mergeAnswers`. No model is asked.
 *
 * Only answers that are valid vote; where none is, all that are JSON do, and the outcome says what is wrong with the
 * result. Where the values agreed on are not valid together, the answer is the valid one that is most like all others.
 * The agreement is the mean of that on each value. Without a schema any JSON is valid.
 */
export const fields: Strategy = {
  name: "fields",
  needsModel: false,
  votes: true,
  calls: () => [],
  next: (input) => ({ outcome: fieldsOutcome(input) }),
};

/** What answers agree on field by field. */
export function fieldsOutcome(input: AggregationInput): Outcome {
  const outcome = decide(input);
  const chars = input.answers.reduce((sum, { text }) => sum + text.length, 0);
  if (outcome.agreement === null || chars * input.answers.length > MAX_LEFT_OUT) return outcome;
  const without = (answers: readonly Answer[]): Outcome => decide({ ...input, answers });
  return {
    ...outcome,
    contributions: leaveOneOut(input.answers, outcome, without, ({ agreement }) => agreement),
  };
}

function decide(input: AggregationInput): Outcome {
  const schema = answerSchema(input) ?? anything;
  const evaluations = Math.floor(MAX_EVALUATIONS / (input.answers.length + 1));
  const ballots = castBallots(input.answers, "json");
  const read = input.answers.flatMap(({ text, voter }, at): readonly Entry[] => {
    const ballot = ballots[at];
    const json = ballot?.counted === true ? jsonIn(text) : null;
    return json === null || ballot === undefined ? [] : [{ voter, weight: ballot.weight, json }];
  });
  const valid = read.filter(({ json }) => schemaProblem(json, schema, evaluations) === null);
  const entries = valid.length > 0 ? valid : read;
  const votes = ballots.map((ballot) => voteOf(ballot, entries));
  const base = { votes, promptVersion: "", aggregatorUnavailable: false };
  if (entries.length === 0) return { ...base, text: "", answerKey: "", agreement: null };

  const merged = mergeAnswers(entries, schema);
  const problem = schemaProblem(merged.json, schema, evaluations);
  if (problem !== null && valid.length > 0) {
    const json = mostTypical(valid);
    const answerKey = shortKey(jsonKey(json));
    return {
      ...base,
      text: jsonText(json),
      answerKey,
      agreement: shareOf(answerKey, votes),
    };
  }
  return {
    ...base,
    text: jsonText(merged.json),
    answerKey: shortKey(jsonKey(merged.json)),
    agreement: meanOf(merged.fields),
    fields: merged.fields.slice(0, MAX_LISTED),
    ...(merged.tieBroken && { tieBroken: true }),
    ...(problem !== null && { formatProblem: problem }),
  };
}

function voteOf({ voter, answerKey, weight }: Ballot, entries: readonly Entry[]) {
  const counted = entries.some(
    (entry) => entry.voter.member === voter.member && entry.voter.sample === voter.sample,
  );
  return { voter, answerKey: counted ? answerKey : "", counted, weight };
}

function meanOf(fields: readonly FieldAgreement[]): number {
  return fields.reduce((sum, { agreement }) => sum + agreement, 0) / fields.length;
}
