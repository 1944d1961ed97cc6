import type { ResponseFormat, Sampling } from "@synod/consensus";
import { invalid } from "../failure.js";
import type { AskingBody } from "./body-schema.js";
import type { BodyText } from "./body-text.js";

/**
 * How a body says to write, the shape of the reply left out.
 *
 * @throws SynodError `invalid_value` for two limits that differ, and for more than one answer.
 */
export function samplingOf(body: AskingBody): Sampling {
  if (body.n != null && body.n !== 1)
    throw invalid("n", "n other than 1 is not available. Ask again instead.");
  const maxOutputTokens = maxTokensOf(body);
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(body.temperature != null && { temperature: body.temperature }),
    ...(body.top_p != null && { topP: body.top_p }),
    ...(body.seed != null && { seed: body.seed }),
    ...(body.stop != null && { stop: typeof body.stop === "string" ? [body.stop] : body.stop }),
    ...(body.frequency_penalty != null && { frequencyPenalty: body.frequency_penalty }),
    ...(body.presence_penalty != null && { presencePenalty: body.presence_penalty }),
  };
}

/** How a body says to write, the shape of the reply included. Throws as `samplingOf` does. */
export function shapedSamplingOf(body: AskingBody, text: BodyText): Sampling {
  const sampling = samplingOf(body);
  if (body.response_format == null) return sampling;
  return { ...sampling, responseFormat: formatOf(body.response_format, text) };
}

function maxTokensOf(body: AskingBody): number | undefined {
  const { max_tokens: old, max_completion_tokens: current } = body;
  if (old != null && current != null && old !== current) {
    throw invalid("max_tokens", "max_tokens and max_completion_tokens differ. Send one of them.");
  }
  return current ?? old ?? undefined;
}

function formatOf(format: NonNullable<AskingBody["response_format"]>, text: BodyText): ResponseFormat {
  if (format.type !== "json_schema") return format;
  const { name, description, schema, strict } = format.json_schema;
  const schemaJson = schema === undefined ? "{}" : text.field("response_format", "json_schema", "schema");
  return {
    type: "json_schema",
    name,
    ...(description && { description }),
    schemaJson,
    strict: strict === true,
  };
}
