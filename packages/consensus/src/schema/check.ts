import {
  dereference,
  type OutputUnit,
  type Schema as Checked,
  type SchemaDraft,
  validate,
} from "@cfworker/json-schema";
import type { Json } from "../json/json.js";
import { plainJson } from "../json/write-json.js";
import { type AtHand, atHand } from "./at-hand.js";
import type { Now } from "./applied-schema.js";
import { countedCopy } from "./counted-copy.js";
import { createMatches, UntriedPattern } from "./patterns.js";
import { keyword, type Schema } from "./schema.js";
import { type Count, createBudget, TooMuch } from "./work.js";

/** How many subschemas are applied to one value at most, where nothing else is said. */
const MAX_EVALUATIONS = 50_000;

/** Why a value is not valid against a schema. */
export interface SchemaProblem {
  /** For a person: the place in the value and the keyword, and never what stands there. */
  readonly message: string;
  /** Whether the value is known not to be valid. False when it could not be checked to the end. */
  readonly isCertain: boolean;
}

/**
 * Why a value is not valid against a schema; null when it is.
 *
 * @param count Counts the work, 1 for each subschema that is applied and says little.
 */
export type SchemaCheck = (json: Json, count: Count) => SchemaProblem | null;

/**
 * Makes a check for many values. Nothing is fetched and no code is made of the schema. The work is bounded. Dialects: 2020-12 unless `$schema` says
 * draft 4, 6, 7 or 2019-09.
 */
export function schemaCheck(schema: Schema): SchemaCheck {
  const matches = createMatches();
  let at: AtHand | null = null;
  let prepared: Prepared | null = null;
  return (json, count) => {
    try {
      at = null;
      prepared ??= prepare(schema, () => at);
      const { root, lookup } = prepared;
      at = atHand(json, count, matches);
      const { valid, errors } = validate(plainJson(json), root, draftOf(schema), lookup, true);
      return valid ? null : { message: reasonOf(errors), isCertain: true };
    } catch (error) {
      return { message: `It could not be checked: ${whyUnchecked(error)}.`, isCertain: false };
    }
  };
}

/** A schema as the validator takes it. */
interface Prepared {
  readonly root: Checked | boolean;
  /** What its references mean. */
  readonly lookup: Record<string, Checked | boolean>;
}

function prepare({ root }: Schema, now: Now): Prepared {
  const copy = countedCopy(root, now) as Checked | boolean;
  return { root: copy, lookup: dereference(copy) };
}

/**
 * Why one value is not valid, in words: see `schemaCheck`. One that cannot be checked with the work that 50,000 subschemas
 * take is not.
 */
export function schemaProblem(json: Json, schema: Schema): string | null {
  return schemaCheck(schema)(json, createBudget(MAX_EVALUATIONS).count)?.message ?? null;
}

/** The deepest error: the ones above it only repeat it. */
function reasonOf(errors: readonly OutputUnit[]): string {
  const [first, ...others] = errors;
  const deepest = others.reduce<OutputUnit | undefined>(
    (best, error) => (best !== undefined && isDeeper(error, best) ? error : best),
    first,
  );
  const place = deepest?.instanceLocation.slice(1, 200) || "The whole";
  return `${place} fails "${deepest?.keyword ?? "schema"}".`;
}

function isDeeper(a: OutputUnit, b: OutputUnit): boolean {
  const deeper = a.instanceLocation.length - b.instanceLocation.length;
  return deeper > 0 || (deeper === 0 && a.keywordLocation.length > b.keywordLocation.length);
}

function whyUnchecked(error: unknown): string {
  if (error instanceof UntriedPattern || error instanceof TooMuch) return error.message;
  // What the validator throws: a reference to itself, one that leads nowhere, a URI or a keyword that is none.
  if (error instanceof RangeError) return "the schema refers to itself without an end";
  if (error instanceof Error && error.message.startsWith("Unresolved $ref")) {
    return "the schema refers to something that is not in it, and nothing is fetched";
  }
  return "the schema is not understood";
}

function draftOf({ root }: Schema): SchemaDraft {
  const dialect = String(keyword(root, "$schema") ?? "");
  if (dialect.includes("draft-04")) return "4";
  if (dialect.includes("draft-06") || dialect.includes("draft-07")) return "7";
  return dialect.includes("2019-09") ? "2019-09" : "2020-12";
}
