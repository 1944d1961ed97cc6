import { shortKey } from "../answers/short-key.js";
import { mergeAnswers } from "../fields/merge-values.js";
import type { Entry, Merged } from "../fields/merging.js";
import { mostTypical } from "../fields/most-typical.js";
import { readSheets, type Sheet } from "../fields/sheets.js";
import { jsonKey, jsonText } from "../json/write-json.js";
import { type SchemaCheck, schemaCheck, type SchemaProblem } from "../schema/check.js";
import type { Schema } from "../schema/schema.js";
import { type Budget, createBudget, TooMuch } from "../schema/work.js";
import { shareOf } from "../voting/tally.js";
import { answerSchema } from "./answer-shape.js";
import { leaveOneOut } from "./leave-one-out.js";
import type {
  AggregationInput,
  Answer,
  Contribution,
  FieldAgreement,
  Outcome,
  Strategy,
  Vote,
} from "./strategy.js";

/** Subschemas that are applied at most. Each answer, and what they agree on, may have an equal share. */
const MAX_CHECKED = 120_000;

/** Values that are merged at most, and schemas that they are compared with. */
const MAX_MERGED = 320_000;

/** Characters that are read at most to say what each answer did: all answers, once without each of them. */
const MAX_LEFT_OUT = 400_000;

/** Values whose agreement an outcome lists. */
const MAX_LISTED = 1_000;

/** The schema of those who asked for none. */
const anything: Schema = { root: true };

/**
 * Agrees field by field on answers of one JSON Schema: see `mergeAnswers`. No model is asked.
 *
 * Only answers that are valid vote; where none is, all that are JSON do, and the outcome says what is wrong with the
 * result. Where the values agreed on are not valid together, there are too many to agree on, or nothing of any answer is
 * left, the answer is the valid one that is most like all others. The agreement is the mean of that on each value. Without
 * a schema any JSON is valid.
 *
 * The work is bounded whatever the schema and the answers: an answer that cannot be checked with its share is not valid.
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
  const { answers } = input;
  const schema = answerSchema(input) ?? anything;
  const check = schemaCheck(schema);
  const share = MAX_CHECKED / (answers.length + 2);
  const valid = (json: Entry["json"]): boolean => check(json, createBudget(share).count) === null;
  const sheets = new Map(readSheets(answers, valid).map((sheet) => [sheet.answer, sheet]));
  const decide = (some: readonly Answer[], work: Work): Outcome =>
    outcomeOf(
      some.flatMap((answer) => sheets.get(answer) ?? []),
      { schema, check, ...work },
    );
  const work = (): Work => ({ checking: createBudget(share), merging: createBudget(MAX_MERGED) });
  const outcome = decide(answers, work());
  const contributions = contributionsTo(outcome, answers, decide, work());
  return contributions === null ? outcome : { ...outcome, contributions };
}

/** How much work there may be. */
interface Work {
  readonly checking: Budget;
  readonly merging: Budget;
}

/** What each answer did, by deciding again without it. Null where all of that would take too long. */
function contributionsTo(
  outcome: Outcome,
  answers: readonly Answer[],
  decide: (some: readonly Answer[], work: Work) => Outcome,
  work: Work,
): readonly Contribution[] | null {
  const chars = answers.reduce((sum, { text }) => sum + text.length, 0);
  if (outcome.agreement === null || chars * answers.length > MAX_LEFT_OUT) return null;
  const decideAgain = (some: readonly Answer[]): Outcome => {
    const again = decide(some, work);
    if (work.checking.isSpent() || work.merging.isSpent()) throw new TooMuch("there are too many answers");
    return again;
  };
  return orNull(() => leaveOneOut(answers, outcome, decideAgain, ({ agreement }) => agreement));
}

interface Deciding extends Work {
  readonly schema: Schema;
  readonly check: SchemaCheck;
}

function outcomeOf(sheets: readonly Sheet[], deciding: Deciding): Outcome {
  const { schema, check, checking, merging } = deciding;
  const someValid = sheets.some(({ isValid }) => isValid);
  const counting = new Set(sheets.filter(({ entry, isValid }) => entry !== null && (isValid || !someValid)));
  const entries = [...counting].flatMap(({ entry }) => entry ?? []);
  const votes = sheets.map((sheet) => voteOf(sheet, counting.has(sheet)));
  const base = { votes, promptVersion: "", aggregatorUnavailable: false };
  if (entries.length === 0) return { ...base, text: "", answerKey: "", agreement: null };

  const all = orNull(() => mergeAnswers(entries, schema, merging.count));
  const merged = all === null || isHollow(all) ? null : all;
  const problem = merged && messageOf(check(merged.json, checking.count));
  if (merged !== null && (problem === null || !someValid)) {
    return {
      ...base,
      text: jsonText(merged.json),
      answerKey: shortKey(jsonKey(merged.json)),
      agreement: meanOf(merged),
      fields: merged.fields.slice(0, MAX_LISTED),
      ...(merged.tieBroken && { tieBroken: true }),
      ...(problem !== null && { formatProblem: problem }),
    };
  }
  const typical = mostTypical(entries);
  const answerKey = shortKey(jsonKey(typical));
  const itsProblem = someValid ? null : messageOf(check(typical, checking.count));
  return {
    ...base,
    text: jsonText(typical),
    answerKey,
    agreement: shareOf(answerKey, votes),
    ...(itsProblem !== null && { formatProblem: itsProblem }),
  };
}

function messageOf(problem: SchemaProblem | null): string | null {
  return problem && problem.message;
}

/** What comes of some work; null where that would take too long. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
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

function meanOf({ fields: all }: Merged): number {
  return all.reduce((sum: number, { agreement }: FieldAgreement) => sum + agreement, 0) / all.length;
}
