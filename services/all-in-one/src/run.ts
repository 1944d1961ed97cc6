import { chatServing } from "@synod/chat-gateway";
import { runUntilSignal, serve, type StopRequest } from "@synod/rpc";
import { announcement } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
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
  const synod = createAllInOne({ settings, logger, metrics });
  const server = await serve(chatServing(synod.chat, { settings, logger, metrics }));
  process.stdout.write(`${announcement(settings, { ...server, simulator: simulation.simulator })}\n`);
  await runUntilSignal([server, synod, simulation], logger, { stop });
}
