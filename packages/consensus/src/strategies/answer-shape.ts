import { jsonIn } from "../answers/json-values.js";
import { jsonText } from "../json/write-json.js";
import { schemaProblem } from "../schema/check.js";
import { readSchema, type Schema } from "../schema/schema.js";
import type { AggregationInput } from "./strategy.js";

/** The schema that the answer must follow. Null when none was asked for; what is no schema allows everything. */
export function answerSchema({ responseFormat }: AggregationInput): Schema | null {
  if (responseFormat?.type !== "json_schema") return null;
  return readSchema(responseFormat.schemaJson) ?? { root: true };
}

/**
 * What a model wrote in the shape that was asked for: its JSON alone, without prose or a fence around it. Null when it is
 * not of the schema. The text itself when no schema was asked for.
 */
export function shapedText(text: string, input: AggregationInput): string | null {
  const schema = answerSchema(input);
  if (schema === null) return text;
  const json = jsonIn(text);
  return json === null || schemaProblem(json, schema) !== null ? null : jsonText(json);
}
