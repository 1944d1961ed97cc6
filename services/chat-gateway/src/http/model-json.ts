import type { Price } from "@synod/contracts/provider";
import type { ListedModel } from "../models.js";

/** A price that is not known, in the words of OpenRouter, which writes it for models whose price is not fixed. */
const noPrice = "-1";

/** A model in the words of both OpenAI and OpenRouter, whose client takes none that lacks one of these fields. */
export function modelJson(model: ListedModel): object {
  const contextLength = model.contextTokens ?? null;
  return {
    id: model.id,
    object: "model",
    created: model.created,
    owned_by: model.owner,
    name: model.name,
    canonical_slug: model.id,
    context_length: contextLength,
    ...(model.maxOutputTokens !== undefined && { max_completion_tokens: model.maxOutputTokens }),
    pricing: pricingJson(model.price),
    architecture: {
      modality: modalityOf(model),
      input_modalities: model.inputModalities,
      output_modalities: model.outputModalities,
    },
    supported_parameters: model.supportedParameters,
    top_provider: {
      context_length: contextLength,
      max_completion_tokens: model.maxOutputTokens ?? null,
      is_moderated: false,
    },
    per_request_limits: null,
    default_parameters: null,
    supported_voices: null,
    links: { details: `/v1/models/${model.id}/endpoints` },
  };
}

/** What a model reads and writes. Example: `text+image->text`. Null when it is not known. */
function modalityOf({ inputModalities, outputModalities }: ListedModel): string | null {
  if (inputModalities.length === 0 || outputModalities.length === 0) return null;
  return `${inputModalities.join("+")}->${outputModalities.join("+")}`;
}

/** US dollars per token, as decimal text. */
function pricingJson(price: Price | undefined): object {
  if (price === undefined) return { prompt: noPrice, completion: noPrice };
  return {
    prompt: usdPerToken(price.inputUsdNanosPerMillion),
    completion: usdPerToken(price.outputUsdNanosPerMillion),
  };
}

function usdPerToken(nanosPerMillion: bigint): string {
  const digits = nanosPerMillion.toString().padStart(16, "0");
  const decimals = digits.slice(-15).replace(/0+$/, "");
  const whole = digits.slice(0, -15);
  return decimals === "" ? whole : `${whole}.${decimals}`;
}
