import { createAggregation } from "@synod/aggregation";
import { type ChatGateway, createChatGateway, toChatGatewayConfig } from "@synod/chat-gateway";
import { AggregationService } from "@synod/contracts/aggregation";
import { JudgeService } from "@synod/contracts/judge";
import { ProviderService } from "@synod/contracts/provider";
import { RoundService } from "@synod/contracts/round";
import { createJudge } from "@synod/judge";
import { createProviderGateway, toProviderGatewayConfig } from "@synod/provider-gateway";
import { createRound } from "@synod/round";
import { createMemoryStores, type Stores } from "@synod/run-store";
import {
  createLocalTransport,
  createRequestValidator,
  createServiceClient,
  type ServiceModule,
  serviceInterceptors,
} from "@synod/rpc";
import type { Settings } from "@synod/settings";
import { type Logger, type Metrics, noTracer, type Tracer } from "@synod/telemetry";

/** What the services in one process need. */
export interface AllInOneDeps {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What outlives a request. In memory when unset. Not disposed with the services. */
  readonly stores?: Stores;
  /** Begins the spans of all of them. Nothing is traced when unset. */
  readonly tracer?: Tracer;
  /** Whether messages are encoded between the services as on a wire. For tests. False when unset. */
  readonly strict?: boolean;
}

/** The five services in one process. Disposing it ends what is going on, callers' side first. */
export interface AllInOne extends AsyncDisposable {
  readonly chat: ChatGateway;
}

/** Wires the services through local transports. */
export function createAllInOne(deps: AllInOneDeps): AllInOne {
  const {
    settings,
    logger,
    metrics,
    stores = createMemoryStores(),
    tracer = noTracer,
    strict = false,
  } = deps;
  const parts: AsyncDisposable[] = [];
  const validator = createRequestValidator([ProviderService, RoundService, AggregationService, JudgeService]);
  const reach = (module: ServiceModule, service: string) => {
    const interceptors = serviceInterceptors({ logger, metrics, tracer, service, validator });
    const transport = createLocalTransport(module.routes, { interceptors, strict });
    parts.push(module, transport);
    return transport;
  };

  const gateway = createProviderGateway({
    config: toProviderGatewayConfig(settings),
    logger,
    metrics,
    tracer,
  });
  const providers = createServiceClient(ProviderService, reach(gateway, "provider"));
  const inner = { providers, logger, metrics };
  const chat = createChatGateway({
    config: toChatGatewayConfig(settings),
    stores,
    providers,
    rounds: createServiceClient(RoundService, reach(createRound(inner), "round")),
    aggregations: createServiceClient(AggregationService, reach(createAggregation(inner), "aggregation")),
    judges: createServiceClient(JudgeService, reach(createJudge(inner), "judge")),
    logger,
    metrics,
    tracer,
  });
  parts.push(chat);
  return {
    chat,
    async [Symbol.asyncDispose]() {
      for (const part of parts.toReversed()) await part[Symbol.asyncDispose]();
    },
  };
}
