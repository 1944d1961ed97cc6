import { chatServing } from "@synod/chat-gateway";
import { runUntilSignal, serve } from "@synod/rpc";
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
const server = await serve(chatServing(synod.chat, { settings, logger, metrics }));
process.stdout.write(`${announcement(settings, { ...server, simulator: simulation.simulator })}\n`);
await runUntilSignal([server, synod, simulation], logger);
