import { create } from "@bufbuild/protobuf";
import {
  type ListModelsResponse,
  ListModelsResponseSchema,
  type Model,
  ModelSchema,
  PriceSchema,
} from "@synod/contracts/provider";
import type { HandlerContext } from "@synod/rpc";
import type { Catalogue } from "../models/catalogue.js";
import type { ListedModel } from "../providers/codec.js";
import type { Provider } from "../providers/provider.js";
import { orLeft } from "./or-left.js";

/** Lists the models of all available providers, and names those that did not answer. */
export async function listModels(
  providers: Iterable<Provider>,
  catalogue: Catalogue,
  { signal }: HandlerContext,
): Promise<ListModelsResponse> {
  const available = [...providers].filter((provider) => provider.available);
  const all = Promise.all(
    available.map(async (provider) => ({ provider, list: await catalogue.of(provider) })),
  );
  const read = await orLeft(all, signal);
  return create(ListModelsResponseSchema, {
    models: read.flatMap(({ provider, list }) => list.models.map((model) => toModel(provider, model))),
    failedProviderIds: read.filter(({ list }) => list.failed).map(({ provider }) => provider.id),
  });
}

function toModel(provider: Provider, model: ListedModel): Model {
  const price = provider.simulated ? { input: 0n, output: 0n } : model.price;
  return create(ModelSchema, {
    id: `${provider.id}/${model.id}`,
    providerId: provider.id,
    displayName: model.displayName,
    inputModalities: [...model.inputModalities],
    outputModalities: [...model.outputModalities],
    supportedParameters: [...model.supportedParameters],
    created: BigInt(model.created),
    ...(model.contextTokens !== undefined && { contextTokens: BigInt(model.contextTokens) }),
    ...(model.maxOutputTokens !== undefined && { maxOutputTokens: BigInt(model.maxOutputTokens) }),
    ...(price !== undefined && {
      price: create(PriceSchema, {
        inputUsdNanosPerMillion: price.input,
        outputUsdNanosPerMillion: price.output,
      }),
    }),
  });
}
