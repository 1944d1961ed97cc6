import { ProviderService } from "@synod/contracts/provider";
import {
  createRequestValidator,
  innerLimits,
  runUntilSignal,
  serve,
  serviceInterceptors,
  type StopRequest,
} from "@synod/rpc";
import { readSettings } from "@synod/settings";
import { createLogger, createMetrics, createTracing } from "@synod/telemetry";
import { toProviderGatewayConfig } from "./config.js";
import { createProviderGateway } from "./create.js";

const service = "provider";

/** Runs the provider gateway in this process until it is asked to stop. */
export async function run(stop: StopRequest): Promise<void> {
  const config = toProviderGatewayConfig(readSettings(service));
  const { grpc, web, innerToken } = config;
  const logger = createLogger({ level: config.logLevel, service });
  for (const warning of config.warnings) logger.warn(warning);
  const metrics = createMetrics({ service });
  const { otlpEndpoint: endpoint, otlpHeaders: headers } = config.telemetry;
  const tracing = await createTracing({ service, endpoint, headers, logger });
  const { tracer } = tracing;
  const validator = createRequestValidator([ProviderService]);
  const interceptors = serviceInterceptors({ logger, metrics, tracer, innerToken, service, validator });
  const module = createProviderGateway({ config, logger, metrics, tracer });
  const limits = innerLimits;
  const server = await serve({ modules: [module], grpc, web, interceptors, logger, metrics, limits });
  logger.info({ grpc: server.grpcUrl, web: server.webUrl }, "listening");
  await runUntilSignal([server, module, tracing], logger, { stop });
}
