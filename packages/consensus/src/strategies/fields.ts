import { type Ballot, castBallots } from "../answers/ballots.js";
import { jsonIn } from "../answers/json-values.js";
import { shortKey } from "../answers/short-key.js";
import { mergeAnswers } from "../fields/merge-values.js";
import type { Entry, Merged } from "../fields/merging.js";
import { mostTypical } from "../fields/most-typical.js";
import { jsonKey, jsonText } from "../json/write-json.js";
import { schemaProblem } from "../schema/check.js";
import { TooMuch } from "../schema/counted-copy.js";
import type { Schema } from "../schema/schema.js";
import { shareOf } from "../voting/tally.js";
import { answerSchema } from "./answer-shape.js";
import { leaveOneOut } from "./leave-one-out.js";
import type { AggregationInput, Answer, FieldAgreement, Outcome, Strategy, Vote } from "./strategy.js";

/** Subschemas that are applied at most: to all answers together, but to each at least so many that any usual one is checked. */
const MAX_EVALUATIONS = { all: 400_000, each: 5_000 } as const;

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
 * result. Where the values agreed on are not valid together, or nothing of any answer is left, the answer is the valid one
 * that is most like all others.
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
  const schema = answerSchema(input) ?? anything;
  const fair = Math.floor(MAX_EVALUATIONS.all / (input.answers.length + 1));
  const evaluations = Math.max(MAX_EVALUATIONS.each, fair);
  const sheets = new Map(sheetsOf(input, schema, evaluations).map((sheet) => [sheet.answer, sheet]));
  const decide = (answers: readonly Answer[]): Outcome =>
    outcomeOf(
      answers.flatMap((answer) => sheets.get(answer) ?? []),
      schema,
      evaluations,
    );
  const outcome = decide(input.answers);
  const chars = input.answers.reduce((sum, { text }) => sum + text.length, 0);
  if (outcome.agreement === null || chars * input.answers.length > MAX_LEFT_OUT) return outcome;
  return {
    ...outcome,
    contributions: leaveOneOut(input.answers, outcome, decide, ({ agreement }) => agreement),
  };
}

/** An answer that was read. */
interface Sheet {
  readonly answer: Answer;
  readonly ballot: Ballot;
  /** What it says; null when it is no JSON. */
  readonly entry: Entry | null;
  /** Whether that is of the schema. */
  readonly isValid: boolean;
}

function sheetsOf({ answers }: AggregationInput, schema: Schema, evaluations: number): readonly Sheet[] {
  const ballots = castBallots(answers, "json");
  return answers.flatMap((answer, at): readonly Sheet[] => {
    const ballot = ballots[at];
    if (ballot === undefined) return [];
    const json = ballot.counted ? jsonIn(answer.text) : null;
    const entry = json && { voter: ballot.voter, weight: ballot.weight, json };
    const isValid = json !== null && schemaProblem(json, schema, evaluations) === null;
    return [{ answer, ballot, entry, isValid }];
  });
}

function outcomeOf(sheets: readonly Sheet[], schema: Schema, evaluations: number): Outcome {
  const someValid = sheets.some(({ isValid }) => isValid);
  const counting = sheets.filter(({ entry, isValid }) => entry !== null && (isValid || !someValid));
  const entries = counting.flatMap(({ entry }) => entry ?? []);
  const votes = sheets.map((sheet) => voteOf(sheet, counting.includes(sheet)));
  const base = { votes, promptVersion: "", aggregatorUnavailable: false };
  if (entries.length === 0) return { ...base, text: "", answerKey: "", agreement: null };

  const merged = mergedOrNull(entries, schema);
  const problem = merged && schemaProblem(merged.json, schema, evaluations);
  if (merged !== null && (problem === null || !someValid)) {
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
  const typical = mostTypical(entries);
  const answerKey = shortKey(jsonKey(typical));
  const itsProblem = someValid ? null : schemaProblem(typical, schema, evaluations);
  return {
    ...base,
    text: jsonText(typical),
    answerKey,
    agreement: shareOf(answerKey, votes),
    ...(itsProblem !== null && { formatProblem: itsProblem }),
  };
}

/** What the answers agree on; null where that is nothing of any answer, and where finding it out would take too long. */
function mergedOrNull(entries: readonly Entry[], schema: Schema): Merged | null {
  try {
    const merged = mergeAnswers(entries, schema);
    return isHollow(merged) ? null : merged;
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
}

/** Whether it is an empty object that nobody gave: each voter named the members in a way of its own. */
function isHollow({ json, fields: [whole] }: Merged): boolean {
  return json.type === "object" && json.members.size === 0 && whole?.support === 0;
}

function voteOf({ ballot: { voter, answerKey, weight } }: Sheet, counted: boolean): Vote {
  return { voter, answerKey: counted ? answerKey : "", counted, weight };
}

function meanOf(fields: readonly FieldAgreement[]): number {
  return fields.reduce((sum, { agreement }) => sum + agreement, 0) / fields.length;
}
