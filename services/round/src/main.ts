import { RoundService } from "@synod/contracts/round";
import { ProviderService } from "@synod/contracts/provider";
import {
  createRequestValidator,
  createGrpcTransport,
  createServiceClient,
  runUntilSignal,
  serve,
  serviceInterceptors,
} from "@synod/rpc";
import { readSettings } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
import { toRoundConfig } from "./config.js";
import { createRound } from "./create.js";

const service = "round";
const config = toRoundConfig(readSettings(service));
const { grpc, web, innerToken, providerTarget } = config;
const logger = createLogger({ level: config.logLevel, service });
for (const warning of config.warnings) logger.warn(warning);
const metrics = createMetrics({ service });
const validator = createRequestValidator([RoundService]);
const interceptors = serviceInterceptors({ logger, metrics, innerToken, service, validator });
const services = [ProviderService];
const transport = createGrpcTransport({ target: providerTarget, token: innerToken, services });
const providers = createServiceClient(ProviderService, transport);
const module = createRound({ providers, logger, metrics });
const server = await serve({ modules: [module], grpc, web, interceptors, logger, metrics });
logger.info({ grpc: server.grpcUrl, web: server.webUrl }, "listening");
await runUntilSignal([server, module, transport], logger);
