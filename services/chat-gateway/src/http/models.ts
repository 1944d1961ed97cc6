import type { Price } from "@synod/contracts/provider";
import { closestTo } from "../closest.js";
import type { ListedModel } from "../models.js";
import { unknownModel } from "../failure.js";
import type { Route } from "./deps.js";
import { contextOf, sendJson } from "./exchange.js";

/** `GET /v1/models` */
export const listModels: Route = async (exchange, deps) => {
  const models = await deps.listModels(contextOf(exchange), exchange.signal);
  sendJson(exchange, 200, JSON.stringify({ object: "list", data: models.map(modelJson) }));
};

/** `GET /v1/models/{id}` */
export const getModel =
  (id: string): Route =>
  async (exchange, deps) => {
    const models = await deps.listModels(contextOf(exchange), exchange.signal);
    const model = models.find((listed) => listed.id === id);
    if (model === undefined) throw unknownModel(notListed(id, models));
    sendJson(exchange, 200, JSON.stringify(modelJson(model)));
  };

function notListed(id: string, models: readonly ListedModel[]): string {
  const closest = closestTo(
    id,
    models.map((listed) => listed.id),
  );
  return closest.length === 0
    ? "No such model is listed."
    : `No such model is listed. Close to it: ${closest.join(", ")}.`;
}

function modelJson(model: ListedModel): object {
  return {
    id: model.id,
    object: "model",
    created: model.created,
    owned_by: model.owner,
    name: model.name,
    ...(model.contextTokens !== undefined && { context_length: model.contextTokens }),
    ...(model.maxOutputTokens !== undefined && { max_completion_tokens: model.maxOutputTokens }),
    ...(model.price !== undefined && { pricing: pricingJson(model.price) }),
    ...architectureJson(model),
    ...(model.supportedParameters.length > 0 && { supported_parameters: model.supportedParameters }),
  };
}

/** What a model reads and writes, as OpenRouter writes it. */
function architectureJson({ inputModalities, outputModalities }: ListedModel): object {
  if (inputModalities.length + outputModalities.length === 0) return {};
  return {
    architecture: {
      ...(inputModalities.length > 0 && { input_modalities: inputModalities }),
      ...(outputModalities.length > 0 && { output_modalities: outputModalities }),
    },
  };
}

/** Prices as OpenRouter writes them: US dollars per token, as decimal text. */
function pricingJson(price: Price): object {
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
