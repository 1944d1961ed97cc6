import type { ListModelsResponse, ProviderService } from "@synod/contracts/provider";
import type { Client } from "@synod/rpc";
import type { Preset } from "@synod/settings";
import { type Clock, waited } from "./clock.js";
import type { ChatGatewayConfig } from "./config.js";
import type { ChatEvents } from "./events.js";
import type { PanelBook, Panels } from "./panels.js";
import { type ConfiguredModels, configuredModels, partsOf, unlistedModels } from "./unlisted-models.js";

/** What the check needs. */
export interface ModelCheckDeps {
  readonly config: Pick<ChatGatewayConfig, "settings">;
  readonly panels: Pick<Panels, "learned">;
  readonly providers: Client<typeof ProviderService>;
  readonly clock: Pick<Clock, "after">;
  readonly events: Pick<ChatEvents, "modelUnlisted" | "modelsUnchecked">;
}

/** How long the providers may take to list their models, in milliseconds. */
const listMs = 30_000;
/** How long to wait before providers that did not answer are asked again, in milliseconds: doubled up to the second. */
const pauseMs = [10_000, 300_000] as const;

/**
 * Looks in the background whether the configured models and those of the default preset are still listed by their
 * providers, and reports each that is not: once, as soon as its provider lists anything. Disposing it ends that.
 */
export function checkModels({ config, panels, providers, clock, events }: ModelCheckDeps): AsyncDisposable {
  const stop = new AbortController();

  async function check(): Promise<void> {
    const book = await panels.learned();
    if (book === undefined) return;
    const { presets, modelsInSettings } = config.settings;
    const known = book.providers.map(({ id }) => id);
    let left = configuredModels({ ...presets, ...defaultOf(book) }, modelsInSettings, known);
    for (let pause: number = pauseMs[0]; ; pause = Math.min(2 * pause, pauseMs[1])) {
      const response = await listed();
      if (response !== undefined) {
        for (const model of unlistedModels(left, response)) events.modelUnlisted(model);
        left = unanswered(left, response);
      }
      if (left.size === 0 || stop.signal.aborted) return;
      await waited(pause, clock, stop.signal);
      if (stop.signal.aborted) return;
    }
  }

  async function listed(): Promise<ListModelsResponse | undefined> {
    try {
      return await providers.listModels({}, { signal: stop.signal, timeoutMs: listMs });
    } catch (error) {
      if (!stop.signal.aborted) events.modelsUnchecked(error);
      return undefined;
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

/** The models of providers that did not answer. */
function unanswered(models: ConfiguredModels, { failedProviderIds }: ListModelsResponse): ConfiguredModels {
  return new Map([...models].filter(([id]) => failedProviderIds.includes(partsOf(id)[0])));
}
