import {
  dereference,
  type OutputUnit,
  type Schema as Checked,
  type SchemaDraft,
  validate,
} from "@cfworker/json-schema";
import type { Json } from "../json/json.js";
import { plainJson } from "../json/write-json.js";
import { countedCopy, TooMuch } from "./counted-copy.js";
import { UntriedPattern } from "./patterns.js";
import { keyword, type Schema } from "./schema.js";

/** How many subschemas are applied at most, where nothing else is said. */
const MAX_EVALUATIONS = 50_000;

/**
 * Why a value is not valid against a schema; null when it is. In words for a person, with the place in the value and the
 * keyword, and never with what stands there.
 *
 * Nothing is fetched and no code is made of the schema. The work is bounded: a value that could not be checked to the
 * end counts as not valid, and the reason says so. Dialects: 2020-12 unless `$schema` says draft 4, 6, 7 or 2019-09.
 *
 * @param evaluations How many subschemas may be applied, 1 or more.
 */
export function schemaProblem(
  json: Json,
  schema: Schema,
  evaluations: number = MAX_EVALUATIONS,
): string | null {
  try {
    const root = countedCopy(schema.root, json, evaluations) as Checked | boolean;
    const { valid, errors } = validate(plainJson(json), root, draftOf(schema), dereference(root), true);
    return valid ? null : reasonOf(errors);
  } catch (error) {
    return `It could not be checked: ${whyUnchecked(error)}.`;
  }
}

/** The deepest error: the ones above it only repeat it. */
function reasonOf(errors: readonly OutputUnit[]): string {
  const [deepest] = errors.toSorted(
    (a, b) =>
      b.instanceLocation.length - a.instanceLocation.length ||
      b.keywordLocation.length - a.keywordLocation.length,
  );
  const place = deepest?.instanceLocation.slice(1, 200) || "The whole";
  return `${place} fails "${deepest?.keyword ?? "schema"}".`;
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
