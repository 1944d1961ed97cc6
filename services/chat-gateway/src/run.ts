import { openStores } from "@synod/run-store";
import { runUntilSignal, serve, type StopRequest } from "@synod/rpc";
import { readSettings, requireKeys } from "@synod/settings";
import { createLogger, createMetrics, createTracing } from "@synod/telemetry";
import { toChatGatewayConfig } from "./config.js";
import { createChatGateway } from "./create.js";
import { reachInner } from "./reach-inner.js";
import { chatServing } from "./serving.js";

const service = "chat";

/** Runs the chat gateway in this process until it is asked to stop. */
export async function run(stop: StopRequest): Promise<void> {
  const settings = readSettings(service);
  const logger = createLogger({ level: settings.logLevel, service });
  for (const warning of settings.warnings) logger.warn(warning);
  const metrics = createMetrics({ service });
  const { otlpEndpoint: endpoint, otlpHeaders: headers } = settings.telemetry;
  const tracing = await createTracing({ service, endpoint, headers, logger });
  const { tracer } = tracing;
  const stores = await openStores({ ...settings.storage, logger, metrics });
  await requireKeys(settings, () => stores.keys.inUse());
  const inner = reachInner(settings);
  const chat = createChatGateway({
    ...inner,
    config: toChatGatewayConfig(settings),
    stores,
    logger,
    metrics,
    tracer,
  });
  const server = await serve(chatServing(chat, { settings, logger, metrics, tracer }));
  logger.info({ grpc: server.grpcUrl, web: server.webUrl }, "listening");
  await runUntilSignal([server, chat, inner, stores, tracing], logger, { stop });
}
