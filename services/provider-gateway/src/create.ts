import { ProviderService } from "@synod/contracts/provider";
import type { ServiceModule } from "@synod/rpc";
import { type Logger, type Metrics, noTracer, type Tracer } from "@synod/telemetry";
import type { AskDeps } from "./calls/ask.js";
import type { AskingConfig } from "./config.js";
import { upstreamEvents } from "./events.js";
import { watchControl } from "./control/events.js";
import { Catalogue } from "./models/catalogue.js";
import { ModelFacts } from "./models/model-facts.js";
import { openProvider } from "./providers/provider.js";
import { complete } from "./routes/complete.js";
import { estimateUsage } from "./routes/estimate-usage.js";
import { getCredits } from "./routes/get-credits.js";
import { listEndpoints } from "./routes/list-endpoints.js";
import { listModels } from "./routes/list-models.js";
import { listProviders } from "./routes/list-providers.js";
import { streamCompletion } from "./routes/stream-completion.js";

/** What the provider gateway needs. */
export interface ProviderGatewayDeps {
  readonly config: AskingConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Begins a span for each upstream call. Nothing is traced when unset. */
  readonly tracer?: Tracer;
}

/** Makes the service that asks models. Disposing it ends all upstream calls. */
export function createProviderGateway(deps: ProviderGatewayDeps): ServiceModule {
  const { config, logger, metrics, tracer = noTracer } = deps;
  const providers = new Map(config.providers.map((settings) => [settings.id, openProvider(settings)]));
  watchControl(metrics, providers.values());
  const catalogue = new Catalogue({ ttlMs: config.modelsTtlMs, logger });
  if (config.modelsAtStart) {
    for (const provider of providers.values()) if (provider.available) void catalogue.of(provider);
  }
  const facts = new ModelFacts(catalogue);
  const events = upstreamEvents(metrics);
  const asking: AskDeps = { providers, facts, events, logger, tracer, random: Math.random };
  return {
    services: [ProviderService],
    routes: (router) =>
      router.service(ProviderService, {
        complete: (request, context) => complete(asking, request, context),
        streamCompletion: (request, context) => streamCompletion(asking, request, context),
        listModels: (_request, context) => listModels(providers.values(), catalogue, context),
        estimateUsage: (request, context) => estimateUsage({ providers, catalogue, facts }, request, context),
        listEndpoints: (request, context) => listEndpoints(providers, request, context),
        getCredits: (request, context) => getCredits(providers, request, context),
        listProviders: () => listProviders(providers.values()),
      }),
    async [Symbol.asyncDispose]() {
      catalogue[Symbol.dispose]();
      await Promise.all([...providers.values()].map((provider) => provider[Symbol.asyncDispose]()));
    },
  };
}
