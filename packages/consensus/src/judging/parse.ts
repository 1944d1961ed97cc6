import { type OutputUnit, Validator } from "@cfworker/json-schema";
import { wholeFence } from "../answers/fences.js";
import { judgementSchema } from "./schema.js";
import type { Finding, Judgement } from "./verdict.js";

/** A reply that is longer, in UTF-16 units, is no verdict: it is not even parsed. */
export const MAX_REPLY_CHARS = 64_000;

/** A reply that says nothing. `error` says what is wrong with it, for the repair and the log. */
export interface ParseFailure {
  readonly error: string;
}

/**
 * Reads a judge's reply. The whole reply must be one JSON object of the agreed schema, alone or inside one code fence;
 * anything else is an error and never a verdict: prose around it, a second object, a field too many, a number out of
 * range. A missing `confidence` is read as null. A `wrong` without a finding that names a problem is `unsure`.
 */
export function parseJudgement(text: string): Judgement | ParseFailure {
  if (text.length > MAX_REPLY_CHARS)
    return { error: `The reply is longer than ${MAX_REPLY_CHARS} characters.` };
  const value = parse(wholeFence(text) ?? text);
  if ("error" in value) return value;
  const result = new Validator(judgementSchema, "2020-12", false).validate(value.json);
  if (!result.valid) return { error: `The reply is not of the schema: ${reasonOf(result.errors)}` };
  return isJudgement(value.json) ? settled(value.json) : { error: "The reply is not of the schema." };
}

function parse(text: string): ParseFailure | { readonly json: object } {
  try {
    const json: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      return { error: "The reply is JSON, but not an object." };
    }
    return { json: Object.hasOwn(json, "confidence") ? json : { ...json, confidence: null } };
  } catch {
    return {
      error:
        text.trim() === "" ? "The reply is empty." : "The reply is not one JSON object and nothing else.",
    };
  }
}

/** The deepest error: the ones above it only repeat it. Names places in the reply, never what stands there. */
function reasonOf(errors: readonly OutputUnit[]): string {
  const deepest = errors.toSorted((a, b) => b.instanceLocation.length - a.instanceLocation.length)[0];
  return `${deepest?.instanceLocation ?? "#"} fails "${deepest?.keyword ?? "schema"}".`.slice(0, 300);
}

/** Lets the compiler know what the schema has checked. */
function isJudgement(value: object): value is Judgement {
  return "verdict" in value && "findings" in value && "confidence" in value;
}

function settled({ verdict, findings, confidence }: Judgement): Judgement {
  const real: readonly Finding[] = findings.filter((finding) => finding.problem.trim() !== "");
  return {
    verdict: verdict === "wrong" && real.length === 0 ? "unsure" : verdict,
    findings: real,
    confidence,
  };
}
