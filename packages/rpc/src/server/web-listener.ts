import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Logger } from "@synod/telemetry";
import { type Address, listen } from "./address.js";
import type { Listener } from "./grpc-listener.js";
import type { ServerLimits } from "./limits.js";
import { type RawRefusal, refuseRaw } from "./refuse-raw.js";
import { cutStalled, usualStalledMs } from "./stalled.js";

/** What the web listener needs. */
interface WebListenerOptions {
  readonly address: Address;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A web listener. */
export interface WebListener extends Listener {
  /** Closes every connection at once. */
  destroyAll(): void;
}

/** Listens over HTTP/1.1. Slow requests and slow readers are cut, and what is not HTTP gets a JSON error. */
export async function listenWeb(options: WebListenerOptions): Promise<WebListener> {
  const { limits, logger, answer } = options;
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs ?? 15_000,
      requestTimeout: limits.requestTimeoutMs ?? 30_000,
      // Node looks every 30 s otherwise, and both times above mean little.
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
      // Node's own answer to a request without it has no body.
      requireHostHeader: false,
    },
    answer,
  );
  cutStalled(server, limits.stalledMs ?? usualStalledMs);
  // Node's own answer has no body. Whatever is expected, it is not done: the request is answered as it stands.
  server.on("checkExpectation", answer);
  server.on("connect", (_request, socket) => refuseRaw(socket, noProxy, randomUUID()));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const requestId = randomUUID();
    logger.debug({ err: error, request_id: requestId }, "a request could not be read");
    if (error.code === "ECONNRESET") socket.destroy();
    else refuseRaw(socket, parserErrors[error.code ?? ""] ?? notHttp, requestId);
  });
  const url = await listen(server, options.address);
  server.on("error", (err) => logger.error({ err }, "the web listener failed"));
  return {
    url,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyAll: () => server.closeAllConnections(),
  };
}

const notHttp: RawRefusal = {
  status: "400 Bad Request",
  code: "invalid_value",
  text: "the request is not valid HTTP",
  retry: false,
};

const noProxy: RawRefusal = {
  status: "405 Method Not Allowed\r\nAllow: GET, HEAD, POST",
  code: "method_not_allowed",
  text: "this is no proxy",
  retry: false,
};

const parserErrors: Readonly<Record<string, RawRefusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    code: "invalid_value",
    text: "the headers are too large",
    retry: false,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "invalid_value",
    text: "the request came too slowly",
    retry: true,
  },
};
