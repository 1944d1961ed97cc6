import { AggregationService } from "@synod/contracts/aggregation";
import { ProviderService } from "@synod/contracts/provider";
import {
  createRequestValidator,
  createGrpcTransport,
  createServiceClient,
  innerLimits,
  runUntilSignal,
  serve,
  serviceInterceptors,
  type StopRequest,
} from "@synod/rpc";
import { readSettings, toInnerConfig } from "@synod/settings";
import { createLogger, createMetrics, createTracing } from "@synod/telemetry";
import { createAggregation } from "./create.js";

const service = "aggregation";

/** Runs the aggregation service in this process until it is asked to stop. */
export async function run(stop: StopRequest): Promise<void> {
  const config = toInnerConfig(readSettings(service), service);
  const { grpc, web, innerToken, providerTarget } = config;
  const logger = createLogger({ level: config.logLevel, service });
  for (const warning of config.warnings) logger.warn(warning);
  const metrics = createMetrics({ service });
  const { otlpEndpoint: endpoint, otlpHeaders: headers } = config.telemetry;
  const tracing = await createTracing({ service, endpoint, headers, logger });
  const { tracer } = tracing;
  const validator = createRequestValidator([AggregationService]);
  const interceptors = serviceInterceptors({ logger, metrics, tracer, innerToken, service, validator });
  const transport = createGrpcTransport({
    target: providerTarget,
    token: innerToken,
    services: [ProviderService],
  });
  const providers = createServiceClient(ProviderService, transport);
  const module = createAggregation({ providers, logger, metrics });
  const limits = innerLimits;
  const server = await serve({ modules: [module], grpc, web, interceptors, logger, metrics, limits });
  logger.info({ grpc: server.grpcUrl, web: server.webUrl }, "listening");
  await runUntilSignal([server, module, transport, tracing], logger, { stop });
}
