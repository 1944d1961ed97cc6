import { jsonIn } from "../answers/json-values.js";
import { jsonText } from "../json/write-json.js";
import { schemaProblem } from "../schema/check.js";
import { readSchema, type Schema } from "../schema/schema.js";
import type { AggregationInput } from "./strategy.js";

const anyObject = '{"type":"object"}';

/** The schema that the answer must follow, as text; that of any object where no more was asked for. Null without one. */
export function answerSchemaText({ responseFormat }: AggregationInput): string | null {
  if (responseFormat === undefined || responseFormat.type === "text") return null;
  return responseFormat.type === "json_object" ? anyObject : responseFormat.schemaJson;
}

/** The schema that the answer must follow. Null when none was asked for; what is no schema allows everything. */
export function answerSchema(input: AggregationInput): Schema | null {
  const text = answerSchemaText(input);
  return text === null ? null : (readSchema(text) ?? { root: true });
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
