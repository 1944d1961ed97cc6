import { createRequestValidator, runUntilSignal, serve, serviceInterceptors } from "@synod/rpc";
import { announcement } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
import { createAllInOne } from "./create.js";
import { startSimulation } from "./simulation.js";

const service = "synod";
const simulation = await startSimulation();
const { settings } = simulation;
const logger = createLogger({ level: settings.logLevel, service });
for (const warning of settings.warnings) logger.warn(warning);
const metrics = createMetrics({ service });
const synod = createAllInOne({ settings, logger, metrics });
const { chat } = synod;
const server = await serve({
  modules: [chat],
  grpc: settings.grpc,
  web: { ...settings.http, before: chat.gate, fallback: chat.handler },
  interceptors: [
    chat.interceptor,
    ...serviceInterceptors({ logger, metrics, service: "chat", trustsCaller: false }),
  ],
  logger,
  metrics,
  ready: chat.isReady,
});
process.stdout.write(`${announcement(settings, { ...server, simulator: simulation.simulator })}\n`);
await runUntilSignal([server, synod, simulation], logger);
