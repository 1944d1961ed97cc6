import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A call that an upstream received. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. */
  readonly text: string;
  /** The body as JSON; empty when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** An upstream for one test. It answers what the test says, and keeps a ledger. */
export interface ScriptedUpstream extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly ReceivedCall[];
  /** Answers whose connection was closed before they had ended. */
  readonly cut: number;
}

/** How an upstream answers a call. */
export type Script = (response: ServerResponse, call: ReceivedCall) => void;

/** Starts an upstream on a free loopback port. */
export async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const calls: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  let cut = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    response.on("close", () => {
      if (!response.writableFinished) cut += 1;
    });
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const text = Buffer.concat(parts).toString();
      const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
      const { method = "", url: path = "", headers } = request;
      const call = { method, path, headers, text, body };
      calls.push(call);
      script(response, call);
    });
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get cut() {
      return cut;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const streamHead = { "content-type": "text/event-stream" };

/** Answers with a stream that has `bytes` as its whole body. */
export function streaming(...pieces: readonly Buffer[]): Script {
  return (response) => {
    response.writeHead(200, streamHead);
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}

/** Answers with the beginning of a stream, and leaves it open. */
export function streamingOpen(bytes: Buffer): Script {
  return (response) => {
    response.writeHead(200, streamHead);
    response.write(bytes);
  };
}

/** Answers with a document. */
export function answering(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Script {
  return (response) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  };
}
