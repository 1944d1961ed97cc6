import { ProviderService } from "@synod/contracts/provider";
import type { ServiceModule } from "@synod/rpc";
import type { Logger, Metrics } from "@synod/telemetry";
import type { AskDeps } from "./calls/ask.js";
import type { AskingConfig } from "./config.js";
import { upstreamEvents } from "./events.js";
import { ModelLists } from "./models/model-lists.js";
import { openProvider } from "./providers/provider.js";
import { complete } from "./routes/complete.js";
import { listModels } from "./routes/list-models.js";
import { listProviders } from "./routes/list-providers.js";
import { streamCompletion } from "./routes/stream-completion.js";

/** What the provider gateway needs. */
export interface ProviderGatewayDeps {
  readonly config: AskingConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Makes the service that asks models. No upstream is dialled yet; disposing it ends all upstream calls. */
export function createProviderGateway(deps: ProviderGatewayDeps): ServiceModule {
  const { config, logger } = deps;
  const { timers } = config;
  const providers = new Map(
    config.providers.map((settings) => [settings.id, openProvider(settings, timers.connectMs)]),
  );
  const lists = new ModelLists({ ttlMs: config.modelsTtlMs, logger });
  const asking: AskDeps = { providers, timers, logger, events: upstreamEvents(deps.metrics) };
  return {
    services: [ProviderService],
    routes: (router) =>
      router.service(ProviderService, {
        complete: (request, context) => complete(asking, request, context),
        streamCompletion: (request, context) => streamCompletion(asking, request, context),
        listModels: (_request, context) => listModels(providers.values(), lists, context),
        listProviders: () => listProviders(providers.values()),
      }),
    async [Symbol.asyncDispose]() {
      lists[Symbol.dispose]();
      await Promise.all([...providers.values()].map((provider) => provider[Symbol.asyncDispose]()));
    },
  };
}
