import { type RunningServer, serve } from "@synod/rpc";
import { defaultLimits } from "@synod/settings";
import { createLogger, createMetrics } from "@synod/telemetry";
import { chatServing } from "../serving.js";
import type { TestGateway } from "./gateway.js";

const listener = { host: "127.0.0.1", port: 0 };

/** Serves a gateway as its process does, on free loopback ports. */
export function serveGateway({ gateway }: TestGateway, drainMs = 50): Promise<RunningServer> {
  const logger = createLogger({ level: "silent", service: "test" });
  const metrics = createMetrics({ service: "test" });
  const settings = { http: listener, grpc: listener, limits: defaultLimits };
  return serve({ ...chatServing(gateway, { settings, logger, metrics }), drainMs });
}
