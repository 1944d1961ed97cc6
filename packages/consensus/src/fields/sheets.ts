import { type Ballot, ballotFor } from "../answers/ballots.js";
import { extractJson } from "../answers/extract.js";
import { jsonIn } from "../answers/json-values.js";
import { LARGEST, type ReadLimits } from "../json/read-json.js";
import type { Json } from "../json/json.js";
import type { Answer } from "../strategies/strategy.js";
import type { Entry } from "./merging.js";

/** How much JSON is read at most. Each answer may have an equal share. */
const MAX_READ: ReadLimits = { values: 160_000, chars: 8_000_000 };

/** A whole answer. */
export interface WholeEntry extends Entry {
  /** The answer key that it votes for. */
  readonly key: string;
}

/** An answer that was read. */
export interface Sheet {
  readonly answer: Answer;
  readonly ballot: Ballot;
  /** What it says; null when it is no JSON, or more than is read. */
  readonly entry: WholeEntry | null;
  /** Whether that is of the schema. */
  readonly isValid: boolean;
}

/** Reads each answer once. */
export function readSheets(answers: readonly Answer[], isValid: (json: Json) => boolean): readonly Sheet[] {
  const limits = {
    values: Math.min(LARGEST.values, MAX_READ.values / answers.length),
    chars: Math.min(LARGEST.chars, MAX_READ.chars / answers.length),
  };
  return answers.map((answer) => {
    const json = jsonIn(answer.text, limits);
    const ballot = ballotFor(answer, extractJson(json));
    const { voter, weight, answerKey: key } = ballot;
    const entry = json && { voter, weight, json, key };
    return { answer, ballot, entry, isValid: json !== null && isValid(json) };
  });
}
