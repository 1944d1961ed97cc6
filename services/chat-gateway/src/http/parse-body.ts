import type { z } from "zod";
import { invalid } from "../failure.js";
import { firstMistake } from "../issues.js";

/**
 * Checks a body.
 *
 * @throws SynodError `invalid_value` with the path of the first field that is wrong.
 */
export function parseBody<S extends z.ZodType>(schema: S, json: unknown): z.infer<S> {
  // The schema would drop it without a word.
  if (typeof json === "object" && json !== null && Object.hasOwn(json, "__proto__")) {
    throw invalid("__proto__", "__proto__ is not a field.");
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { param, message } = firstMistake(parsed.error.issues);
  throw invalid(param, param === "" ? message : `${param} ${message}.`);
}
