import { type Sampling, ResponseFormatType } from "@synod/contracts/model";
import type { CompletionRequest } from "@synod/contracts/provider";
import type { WireRequest } from "../codec.js";
import { invalidRequest } from "../provider-error.js";
import { encodeMessage } from "./encode-message.js";
import { asObject, parseJson } from "./json.js";

/** How a provider's requests differ from OpenAI's. */
export interface RequestDialect {
  /** The field for the most tokens that may be written. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** Whether the usage at the end of a stream must be asked for. */
  readonly asksForUsage: boolean;
}

const headers = { "content-type": "application/json", accept: "text/event-stream" } as const;

/** Fields that a request of ours has, or that decide how its answer is read. */
const ownFields = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "seed",
  "stop",
  "frequency_penalty",
  "presence_penalty",
  "response_format",
]);

/**
 * Writes a streamed chat completion.
 *
 * @throws ProviderFailure `invalid_value` for JSON text that is none, and for extra fields that are not extra.
 */
export function encodeChat(request: CompletionRequest, model: string, dialect: RequestDialect): WireRequest {
  const body = JSON.stringify({
    model,
    messages: request.messages.map(encodeMessage),
    ...(request.sampling && encodeSampling(request.sampling, dialect)),
    stream: true,
    ...(dialect.asksForUsage && { stream_options: { include_usage: true } }),
  });
  return { path: "/chat/completions", headers, body: withExtraFields(body, request.extraJson) };
}

/**
 * The extra fields of a request.
 *
 * @throws ProviderFailure `invalid_value` when they are no JSON object.
 */
export function extraFields(extraJson: string): Readonly<Record<string, unknown>> {
  if (extraJson === "") return {};
  const extra = asObject(parseJson(extraJson));
  if (extra === undefined) throw invalidRequest("extra_json: is not a JSON object");
  return extra;
}

// The text is joined, not the values, so that numbers beyond 2^53 and deep values arrive as they were sent.
function withExtraFields(body: string, extraJson: string): string {
  const fields = Object.entries(extraFields(extraJson));
  if (fields.length === 0) return body;
  for (const [field, value] of fields) {
    if (ownFields.has(field)) throw invalidRequest(`extra_json: \`${field}\` cannot be set there`);
    if (field === "n" && value !== 1) throw invalidRequest("n: only 1 is supported");
  }
  return `${body.slice(0, -1)},${extraJson.trim().slice(1)}`;
}

function encodeSampling(sampling: Sampling, dialect: RequestDialect): Record<string, unknown> {
  return {
    ...(sampling.maxOutputTokens !== undefined && { [dialect.maxTokensField]: sampling.maxOutputTokens }),
    ...(sampling.temperature !== undefined && { temperature: sampling.temperature }),
    ...(sampling.topP !== undefined && { top_p: sampling.topP }),
    ...(sampling.seed !== undefined && { seed: Number(sampling.seed) }),
    ...(sampling.stop.length > 0 && { stop: sampling.stop }),
    ...(sampling.frequencyPenalty !== undefined && { frequency_penalty: sampling.frequencyPenalty }),
    ...(sampling.presencePenalty !== undefined && { presence_penalty: sampling.presencePenalty }),
    ...(sampling.responseFormat && { response_format: encodeFormat(sampling.responseFormat) }),
  };
}

function encodeFormat(format: NonNullable<Sampling["responseFormat"]>): unknown {
  switch (format.type) {
    case ResponseFormatType.TEXT:
      return { type: "text" };
    case ResponseFormatType.JSON_OBJECT:
      return { type: "json_object" };
    case ResponseFormatType.JSON_SCHEMA: {
      const schema = asObject(parseJson(format.schemaJson));
      if (schema === undefined) throw invalidRequest("response_format: the schema is not a JSON object");
      return { type: "json_schema", json_schema: { name: format.schemaName, schema, strict: format.strict } };
    }
    case ResponseFormatType.UNSPECIFIED:
      throw invalidRequest("response_format: its type is missing");
    default:
      return format.type satisfies never;
  }
}
