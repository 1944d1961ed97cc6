import { create } from "@bufbuild/protobuf";
import type { ResponseFormat, Sampling } from "@synod/consensus";
import {
  type ResponseFormat as ProtoResponseFormat,
  ResponseFormatSchema,
  ResponseFormatType,
  type Sampling as ProtoSampling,
  SamplingSchema,
} from "@synod/contracts/model";
import { fromTable } from "./enum.js";
import { toBigInt, toNumber } from "./scalar.js";

const formatTypes = {
  [ResponseFormatType.UNSPECIFIED]: null,
  [ResponseFormatType.TEXT]: "text",
  [ResponseFormatType.JSON_OBJECT]: "json_object",
  [ResponseFormatType.JSON_SCHEMA]: "json_schema",
} as const satisfies Record<ResponseFormatType, ResponseFormat["type"] | null>;

/** The shape of a reply as the contract has it. */
export function toProtoResponseFormat(format: ResponseFormat): ProtoResponseFormat {
  switch (format.type) {
    case "text":
      return create(ResponseFormatSchema, { type: ResponseFormatType.TEXT });
    case "json_object":
      return create(ResponseFormatSchema, { type: ResponseFormatType.JSON_OBJECT });
    case "json_schema":
      return create(ResponseFormatSchema, {
        type: ResponseFormatType.JSON_SCHEMA,
        schemaName: format.name,
        schemaDescription: format.description ?? "",
        schemaJson: format.schemaJson,
        strict: format.strict,
      });
    default:
      return format satisfies never;
  }
}

/**
 * The shape of a reply from the contract.
 *
 * @throws MappingError when its type is unspecified or unknown.
 */
export function fromProtoResponseFormat(format: ProtoResponseFormat): ResponseFormat {
  const type = fromTable<ResponseFormatType, ResponseFormat["type"]>(
    formatTypes,
    format.type,
    "response_format.type",
  );
  if (type !== "json_schema") return { type };
  const { schemaName: name, schemaDescription: description, schemaJson, strict } = format;
  return { type, name, ...(description !== "" && { description }), schemaJson, strict };
}

/**
 * How to write, as the contract has it.
 *
 * @throws MappingError when the seed is no whole number up to 2^53 - 1.
 */
export function toProtoSampling(sampling: Sampling): ProtoSampling {
  return create(SamplingSchema, {
    maxOutputTokens: sampling.maxOutputTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    seed: sampling.seed === undefined ? undefined : toBigInt(sampling.seed, "sampling.seed"),
    stop: sampling.stop === undefined ? [] : [...sampling.stop],
    frequencyPenalty: sampling.frequencyPenalty,
    presencePenalty: sampling.presencePenalty,
    responseFormat:
      sampling.responseFormat === undefined ? undefined : toProtoResponseFormat(sampling.responseFormat),
  });
}

/**
 * How to write, from the contract. Unset as a whole means the provider's own defaults.
 *
 * @throws MappingError when the seed is beyond 2^53 - 1, or the reply's shape is unknown.
 */
export function fromProtoSampling(sampling: ProtoSampling | undefined): Sampling {
  if (sampling === undefined) return {};
  const {
    maxOutputTokens,
    temperature,
    topP,
    seed,
    stop,
    frequencyPenalty,
    presencePenalty,
    responseFormat,
  } = sampling;
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(seed !== undefined && { seed: toNumber(seed, "sampling.seed") }),
    ...(stop.length > 0 && { stop: [...stop] }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(responseFormat !== undefined && { responseFormat: fromProtoResponseFormat(responseFormat) }),
  };
}
