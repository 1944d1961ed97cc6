import { createServer } from "node:http2";
import type { Logger } from "@synod/telemetry";
import { type Address, listen } from "./address.js";
import type { Connections } from "./connections.js";
import type { ServerLimits } from "./limits.js";
import type { NodeHandler } from "./node-handler.js";
import { cutStalledStream, usualStalledMs } from "./stalled.js";

/** What the gRPC listener needs. */
interface GrpcListenerOptions {
  readonly address: Address;
  readonly handler: NodeHandler;
  readonly connections: Connections;
  readonly limits: ServerLimits;
  readonly logger: Logger;
}

/** A listener. */
export interface Listener {
  /** Where it listens, such as `http://127.0.0.1:7001`. */
  readonly url: string;
  /** Takes no new connections. Resolves when the last one is closed. */
  close(): Promise<void>;
}

/** Listens for gRPC, Connect and gRPC-Web over HTTP/2 without TLS. Slow readers are cut. */
export async function listenGrpc(options: GrpcListenerOptions): Promise<Listener> {
  const { logger } = options;
  const server = createServer({
    settings: { maxConcurrentStreams: options.limits.maxStreamsPerConnection ?? 1_024 },
    // In MB, for all calls of a connection together; the default of 10 is less than one message.
    maxSessionMemory: 256,
  });
  const { stalledMs = usualStalledMs } = options.limits;
  server.on("session", (session) => options.connections.add(session));
  server.on("stream", (stream) => cutStalledStream(stream, stalledMs));
  server.on("sessionError", (err) => logger.debug({ err }, "a connection failed"));
  server.on("request", (request, response) => {
    if (options.handler(request, response)) return;
    response.writeHead(404);
    response.end();
  });
  const url = await listen(server, options.address);
  server.on("error", (err) => logger.error({ err }, "the gRPC listener failed"));
  return {
    url,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await options.connections.allClosed();
      await closed;
    },
  };
}
