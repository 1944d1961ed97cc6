import type { Model, Price, ProviderService } from "@synod/contracts/provider";
import { type Client, outgoingOptions, type TravellingContext } from "@synod/rpc";
import type { ChatEvents } from "./events.js";
import type { Panels } from "./panels.js";
import { panelPrefix } from "./question.js";

/** Something that can be asked. */
export interface ListedModel {
  readonly id: string;
  /** `synod` for a panel, else its provider. */
  readonly owner: string;
  /** Seconds since 1970; 0 when unknown. */
  readonly created: number;
  /** Its name for people. */
  readonly name: string;
  /** Tokens that it reads and writes together, when known. */
  readonly contextTokens: number | undefined;
  /** Tokens that it writes at most, when known. */
  readonly maxOutputTokens: number | undefined;
  readonly price: Price | undefined;
  /** What it reads: `text`, `image` and so on. Empty when unknown. */
  readonly inputModalities: readonly string[];
  /** What it writes. Empty when unknown. */
  readonly outputModalities: readonly string[];
  /** The request fields that it takes. Empty when unknown. */
  readonly supportedParameters: readonly string[];
}

/** Lists what can be asked: panels first, then the providers' models. Those of a provider that does not answer are left out. */
export type ListModels = (context: TravellingContext, signal: AbortSignal) => Promise<readonly ListedModel[]>;

/** What listing models needs. */
export interface ListModelsDeps {
  readonly panels: Panels;
  readonly providers: Client<typeof ProviderService>;
  readonly events: ChatEvents;
  /** When the panels came to be, in seconds since 1970. */
  readonly startedAt: number;
}

/** Makes the list of what can be asked. */
export function createListModels({ panels, providers, events, startedAt }: ListModelsDeps): ListModels {
  return async (context, signal) => {
    const [book, response] = await Promise.all([
      panels.book(),
      providers.listModels({}, outgoingOptions(context, { signal })),
    ]);
    if (response.failedProviderIds.length > 0) events.modelsMissing(response.failedProviderIds);
    const names = Object.keys(book.presets);
    return [...names.map((name) => panelModel(name, startedAt)), ...response.models.map(upstreamModel)];
  };
}

function panelModel(name: string, startedAt: number): ListedModel {
  const id = `${panelPrefix}${name}`;
  const unknown = {
    contextTokens: undefined,
    maxOutputTokens: undefined,
    price: undefined,
    inputModalities: [],
    outputModalities: [],
    supportedParameters: [],
  };
  return { id, owner: "synod", created: startedAt, name: id, ...unknown };
}

function upstreamModel(model: Model): ListedModel {
  return {
    id: model.id,
    owner: model.providerId,
    created: Number(model.created),
    name: model.displayName,
    contextTokens: model.contextTokens === undefined ? undefined : Number(model.contextTokens),
    maxOutputTokens: model.maxOutputTokens === undefined ? undefined : Number(model.maxOutputTokens),
    price: model.price,
    inputModalities: model.inputModalities,
    outputModalities: model.outputModalities,
    supportedParameters: model.supportedParameters,
  };
}
