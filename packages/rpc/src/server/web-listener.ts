import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "@synod/telemetry";
import { type Address, listen } from "./address.js";
import type { Listener } from "./grpc-listener.js";
import type { ServerLimits } from "./limits.js";

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

/** Listens over HTTP/1.1. Slow requests are cut, and what is not HTTP gets a JSON error. */
export async function listenWeb(options: WebListenerOptions): Promise<WebListener> {
  const { limits, logger } = options;
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs ?? 15_000,
      requestTimeout: limits.requestTimeoutMs ?? 30_000,
      // Node looks every 30 s otherwise, and both times above mean little.
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
    },
    options.answer,
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const requestId = randomUUID();
    logger.debug({ err: error, request_id: requestId }, "a request could not be read");
    refuse(error, socket, requestId);
  });
  const url = await listen(server, options.address);
  server.on("error", (err) => logger.error({ err }, "the web listener failed"));
  return {
    url,
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyAll: () => server.closeAllConnections(),
  };
}

function refuse(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, text, retry } = parserErrors[error.code ?? ""] ?? notHttp;
  const body = JSON.stringify({
    error: { message: text, type: "invalid_request_error", param: null, code: "invalid_value" },
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\nX-Should-Retry: ${retry}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** How a request that cannot be read is answered. */
interface Refusal {
  /** The status line's code and reason. */
  readonly status: string;
  readonly text: string;
  /** Whether the same request can succeed later. */
  readonly retry: boolean;
}

const notHttp: Refusal = { status: "400 Bad Request", text: "the request is not valid HTTP", retry: false };

const parserErrors: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    text: "the headers are too large",
    retry: false,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    text: "the request came too slowly",
    retry: true,
  },
};
