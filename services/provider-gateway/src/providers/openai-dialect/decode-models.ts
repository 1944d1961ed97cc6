import { type Price, priceFromUsdPerToken } from "../../models/price.js";
import type { ListedModel, ModelPage } from "../codec.js";
import { asList, asObject, asText, type JsonObject } from "./json.js";

/** Reads `GET /models`: OpenAI's shape with the fields that OpenRouter, Groq and vLLM add. Null when it is no list. */
export function decodeModelPage(json: unknown, priceOf: (model: string) => Price | null): ModelPage | null {
  const page = asObject(json);
  const data = page?.["data"];
  if (page === undefined || !Array.isArray(data)) return null;
  return {
    models: data.flatMap((entry) => readModel(asObject(entry), priceOf)),
    more: asText(asObject(page["links"])?.["next"]) !== "",
  };
}

function readModel(
  model: JsonObject | undefined,
  priceOf: (model: string) => Price | null,
): readonly ListedModel[] {
  const id = asText(model?.["id"]);
  if (model === undefined || id === "" || id.length > 200 || model["active"] === false) return [];
  const pricing = asObject(model["pricing"]);
  const architecture = asObject(model["architecture"]);
  const top = asObject(model["top_provider"]);
  const context = tokens(model["context_length"], model["context_window"], model["max_model_len"]);
  const output = tokens(top?.["max_completion_tokens"], model["max_completion_tokens"]);
  const price =
    pricing === undefined ? priceOf(id) : priceFromUsdPerToken(pricing["prompt"], pricing["completion"]);
  return [
    {
      id,
      displayName: asText(model["name"]).slice(0, 256).toWellFormed() || id,
      created: wholeNumber(model["created"]) ?? 0,
      ...(context !== undefined && { contextTokens: context }),
      ...(output !== undefined && { maxOutputTokens: output }),
      ...(price !== null && { price }),
      inputModalities: words(architecture?.["input_modalities"]),
      outputModalities: words(architecture?.["output_modalities"]),
      supportedParameters: words(model["supported_parameters"]),
    },
  ];
}

const mostWords = 100;
const longestWord = 64;

/** A list of names. */
function words(value: unknown): readonly string[] {
  return asList(value)
    .slice(0, mostWords)
    .filter((word) => typeof word === "string" && word.length <= longestWord && word.isWellFormed())
    .map(String);
}

function tokens(...values: readonly unknown[]): number | undefined {
  return values.map(wholeNumber).find((value) => value !== undefined && value > 0);
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}
