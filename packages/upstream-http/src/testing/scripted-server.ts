import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server for one test. */
export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  /** Requests that arrived. */
  readonly calls: number;
  /** Connections that were opened. */
  readonly connections: number;
  /** Responses that were sent to their end. */
  readonly finished: number;
  /** Responses whose connection closed before they had ended. */
  readonly cut: number;
}

/** Starts a server on a free loopback port that answers every request with `answer`. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ScriptedServer> {
  const seen = { calls: 0, connections: 0, finished: 0, cut: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    seen.calls += 1;
    response.on("close", () => {
      if (response.writableFinished) seen.finished += 1;
      else seen.cut += 1;
    });
    request.resume();
    answer(request, response);
  });
  server.on("connection", (socket) => {
    seen.connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return seen.calls;
    },
    get connections() {
      return seen.connections;
    },
    get finished() {
      return seen.finished;
    },
    get cut() {
      return seen.cut;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
