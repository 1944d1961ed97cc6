import type { Sampling } from "../run/sampling.js";

/**
 * How a model is asked for JSON that is read and not shown: without randomness, and without the limits and the stop texts
 * that are meant for answers, since a reply that they cut says nothing.
 *
 * @param name of the schema, letters and `_`.
 * @param schemaJson its JSON text.
 */
export function jsonSampling(name: string, schemaJson: string): Sampling {
  return { temperature: 0, responseFormat: { type: "json_schema", name, schemaJson, strict: true } };
}
