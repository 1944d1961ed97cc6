import type { ListModelsResponse, ProviderService } from "@synod/contracts/provider";
import type { Client } from "@synod/rpc";
import { parseModelId, type Preset } from "@synod/settings";
import { closestTo } from "./closest.js";
import type { ChatGatewayConfig } from "./config.js";
import type { ChatEvents } from "./events.js";
import type { PanelBook, Panels } from "./panels.js";

/** A configured model that its provider does not list. */
export interface UnlistedModel {
  /** With its provider's prefix. */
  readonly id: string;
  /** The presets that name it. */
  readonly presets: readonly string[];
  /** Listed ids that are spelled most like it, the closest first; three at most. */
  readonly closest: readonly string[];
}

/** What the check needs. */
export interface ModelCheckDeps {
  readonly config: Pick<ChatGatewayConfig, "settings">;
  readonly panels: Pick<Panels, "learned">;
  readonly providers: Client<typeof ProviderService>;
  readonly events: Pick<ChatEvents, "modelUnlisted" | "modelsUnchecked">;
}

/** How long the providers may take to list their models, in milliseconds. */
const listMs = 30_000;

/**
 * Looks once, in the background, whether the configured models and those of the default preset are still listed by their
 * providers, and reports each that is not. Disposing it ends that.
 */
export function checkModels({ config, panels, providers, events }: ModelCheckDeps): AsyncDisposable {
  const stop = new AbortController();

  async function check(): Promise<void> {
    const book = await panels.learned();
    if (book === undefined) return;
    try {
      const response = await providers.listModels({}, { signal: stop.signal, timeoutMs: listMs });
      const used = { ...config.settings.presets, ...defaultOf(book) };
      for (const model of unlistedModels(used, book, response)) events.modelUnlisted(model);
    } catch (error) {
      if (!stop.signal.aborted) events.modelsUnchecked(error);
    }
  }
  const checked = check();

  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await checked;
    },
  };
}

function defaultOf({ presets }: PanelBook): Readonly<Record<string, Preset>> {
  const { default: preset } = presets;
  return preset === undefined ? {} : { default: preset };
}

/** A provider that did not answer is left out, and so is one that lists nothing: it does not say what it has. */
function unlistedModels(
  presets: Readonly<Record<string, Preset>>,
  book: PanelBook,
  response: ListModelsResponse,
): readonly UnlistedModel[] {
  const known = book.providers.map(({ id }) => id);
  const listed = namesByProvider(response);
  return [...usesOf(presets, known)].flatMap(([id, names]) => {
    const { provider, name } = parseModelId(id, known);
    const there = listed.get(provider);
    if (there === undefined || isListed(name, there)) return [];
    const closest = closestTo(name, [...there]).map((other) => `${provider}/${other}`);
    return [{ id, presets: [...names], closest }];
  });
}

function namesByProvider(response: ListModelsResponse): ReadonlyMap<string, ReadonlySet<string>> {
  const listed = new Map<string, Set<string>>();
  for (const { id, providerId } of response.models) {
    if (response.failedProviderIds.includes(providerId)) continue;
    const names = listed.get(providerId) ?? new Set();
    listed.set(providerId, names.add(id.slice(providerId.length + 1)));
  }
  return listed;
}

/** What a provider understands without listing it: OpenRouter's `:nitro` and the like, and Ollama's `:latest`. */
function isListed(name: string, listed: ReadonlySet<string>): boolean {
  return [name, name.replace(/:[\w.-]+$/, ""), `${name}:latest`].some((form) => listed.has(form));
}

/** Who names which model, by its whole id. */
function usesOf(
  presets: Readonly<Record<string, Preset>>,
  known: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const uses = new Map<string, Set<string>>();
  for (const [preset, settings] of Object.entries(presets)) {
    for (const written of modelsOf(settings)) {
      const { provider, name } = parseModelId(written, known);
      const id = `${provider}/${name}`;
      uses.set(id, (uses.get(id) ?? new Set()).add(preset));
    }
  }
  return uses;
}

function modelsOf({ members, aggregation, judge }: Preset): readonly string[] {
  return [
    ...members.flatMap(({ model, fallbacks = [] }) => [model, ...fallbacks]),
    ...(aggregation?.model === undefined ? [] : [aggregation.model]),
    ...(judge?.models ?? []),
  ];
}
