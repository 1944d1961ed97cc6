import { ResponseFormatType, type Sampling } from "@synod/contracts/model";
import { invalidRequest } from "../provider-error.js";
import { membersOf, objectText, type RawMember, rawMembers } from "./raw-json.js";

/**
 * Writes how a model is to write.
 *
 * @param maxTokensField the field for the most tokens that may be written.
 * @throws ProviderFailure `invalid_value` for a schema that is no JSON object, and for a shape without a type.
 */
export function encodeSampling(sampling: Sampling, maxTokensField: string): RawMember[] {
  const members = membersOf({
    [maxTokensField]: sampling.maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    seed: sampling.seed === undefined ? undefined : Number(sampling.seed),
    stop: sampling.stop.length > 0 ? sampling.stop : undefined,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
  });
  const format = sampling.responseFormat;
  return format === undefined ? members : [...members, ["response_format", encodeFormat(format)]];
}

function encodeFormat(format: NonNullable<Sampling["responseFormat"]>): string {
  switch (format.type) {
    case ResponseFormatType.TEXT:
      return '{"type":"text"}';
    case ResponseFormatType.JSON_OBJECT:
      return '{"type":"json_object"}';
    case ResponseFormatType.JSON_SCHEMA: {
      const schema = rawMembers(format.schemaJson);
      if (schema === undefined) throw invalidRequest("response_format: the schema is not a JSON object");
      const { schemaName: name, schemaDescription: description, strict } = format;
      const named = objectText([
        ...membersOf({ name, description: description || undefined }),
        ["schema", format.schemaJson.trim()],
        ...membersOf({ strict }),
      ]);
      return `{"type":"json_schema","json_schema":${named}}`;
    }
    case ResponseFormatType.UNSPECIFIED:
      throw invalidRequest("response_format: its type is missing");
    default:
      return format.type satisfies never;
  }
}
