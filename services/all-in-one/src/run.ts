import { chatServing } from "@synod/chat-gateway";
import { openStores } from "@synod/run-store";
import { runUntilSignal, serve, type StopRequest } from "@synod/rpc";
import { announcement, requireKeys } from "@synod/settings";
import { createLogger, createMetrics, createTracing } from "@synod/telemetry";
import { createAllInOne } from "./create.js";
import { startSimulation } from "./simulation.js";

const service = "synod";

/** Runs all services in this process until it is asked to stop. */
export async function run(stop: StopRequest): Promise<void> {
  const simulation = await startSimulation();
  const { settings } = simulation;
  const logger = createLogger({ level: settings.logLevel, service });
  for (const warning of settings.warnings) logger.warn(warning);
  const metrics = createMetrics({ service });
  const { otlpEndpoint: endpoint, otlpHeaders: headers } = settings.telemetry;
  const tracing = await createTracing({ service: "all-in-one", endpoint, headers, logger });
  const { tracer } = tracing;
  const stores = await openStores({ ...settings.storage, logger, metrics });
  await requireKeys(settings, () => stores.keys.inUse());
  const synod = createAllInOne({ settings, logger, metrics, stores, tracer });
  const server = await serve(chatServing(synod.chat, { settings, logger, metrics, tracer }));
  process.stdout.write(`${announcement(settings, { ...server, simulator: simulation.simulator })}\n`);
  await runUntilSignal([server, synod, stores, simulation, tracing], logger, { stop });
}
