import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import { wholeFence } from "../answers/fences.js";

/** A reply that is longer, in UTF-16 units, says nothing: it is not even parsed. */
export const MAX_REPLY_CHARS = 64_000;

/** A reply that says nothing. `error` says what is wrong with it, for the repair and the log. */
export interface ParseFailure {
  readonly error: string;
}

/** What a reply has to be. */
export interface ReplyForm<T extends object> {
  /** Letters and `_`. Example: `judgement`. */
  readonly name: string;
  readonly schema: Schema;
  /** Checks what the schema cannot say, and lets the compiler know the rest. */
  readonly is: (json: object) => json is T;
  /** Fields that may be missing, with what they are then. */
  readonly defaults?: Partial<T>;
}

/**
 * Reads a reply that must be JSON. The whole reply must be one object of the schema, alone or inside one code fence;
 * anything else is an error and never a vote: prose around it, a second object, a field too many, a number out of range.
 * So nothing that a model quotes of another's text can be taken for what it says itself.
 */
export function parseJsonReply<T extends object>(
  text: string,
  form: ReplyForm<T>,
): { readonly json: T } | ParseFailure {
  if (text.length > MAX_REPLY_CHARS)
    return { error: `The reply is longer than ${MAX_REPLY_CHARS} characters.` };
  const value = parse(wholeFence(text) ?? text);
  if ("error" in value) return value;
  const json = { ...form.defaults, ...value.json };
  const result = new Validator(form.schema, "2020-12", false).validate(json);
  if (!result.valid) return { error: `The reply is not of the schema: ${reasonOf(result.errors)}` };
  return form.is(json) ? { json } : { error: "The reply is not of the schema." };
}

function parse(text: string): ParseFailure | { readonly json: object } {
  try {
    const json: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      return { error: "The reply is JSON, but not an object." };
    }
    return { json };
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
