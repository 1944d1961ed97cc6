import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { Agent, request } from "node:http";
import { connect } from "node:net";

import type { BadRequest } from "./bad-request.js";

/** What came of a bad request. */
export interface Told {
  /** The HTTP status; 0 when the connection was closed without an answer. */
  readonly status: number;
  /** `grpc-status`, or undefined. */
  readonly grpcStatus: number | undefined;
  /** What was said, cut. */
  readonly text: string;
  readonly ms: number;
  /** Why there is no answer: the time is over, or the connection broke. */
  readonly broken?: string;
}

/** Sends bad requests over connections of its own. */
export interface Sender extends Disposable {
  /** Waits for the whole answer, `withinMs` at most. Never fails. */
  send(bad: BadRequest, withinMs: number): Promise<Told>;
}

/** Where Synod is reached. */
export interface Target {
  readonly url: string;
  /** `host:port`. */
  readonly grpcAddress: string;
}

type Answer = Pick<Told, "status" | "grpcStatus" | "text">;

/** Makes a sender. */
export function createSender(target: Target): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let session: ClientHttp2Session | undefined;
  const sessionOf = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connectHttp2(`http://${target.grpcAddress}`);
      session.on("error", () => undefined);
    }
    return session;
  };
  const wires = {
    http: (bad: BadRequest, signal: AbortSignal) => sendHttp(target.url, agent, bad, signal),
    grpc: (bad: BadRequest, signal: AbortSignal) => sendGrpc(sessionOf(), bad, signal),
    bytes: (bad: BadRequest, signal: AbortSignal) => sendBytes(target.url, bad, signal),
  } as const;
  return {
    async send(bad, withinMs) {
      const started = performance.now();
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(), withinMs);
      const took = (): number => performance.now() - started;
      try {
        const answer = await wires[bad.wire](bad, timeout.signal);
        return { ...answer, text: answer.text.slice(0, 300), ms: took() };
      } catch (error) {
        const why = timeout.signal.aborted ? "no answer in time" : String(error);
        return { status: 0, grpcStatus: undefined, text: "", ms: took(), broken: why };
      } finally {
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]() {
      agent.destroy();
      session?.destroy();
    },
  };
}

function sendHttp(url: string, agent: Agent, bad: BadRequest, signal: AbortSignal): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { method, path, body } = bad;
  const headers = { ...bad.headers, ...(body.length > 0 && { "content-length": String(body.length) }) };
  return new Promise((resolve, reject) => {
    const sending = request({ hostname, port, agent, method, path, headers, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += text.length < 10_000 ? chunk : ""));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, grpcStatus: undefined, text }));
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

function sendGrpc(session: ClientHttp2Session, bad: BadRequest, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ":method": bad.method, ":path": bad.path, ...bad.headers }, { signal });
    let head: Readonly<Record<string, unknown>> = {};
    let trailers: Readonly<Record<string, unknown>> = {};
    stream.on("response", (received) => (head = received));
    stream.on("trailers", (received) => (trailers = received));
    stream.on("error", reject);
    stream.on("close", () => {
      const grpcStatus = trailers["grpc-status"] ?? head["grpc-status"];
      const message = trailers["grpc-message"] ?? head["grpc-message"];
      resolve({
        status: Number(head[":status"] ?? 0),
        grpcStatus: grpcStatus === undefined ? undefined : Number(grpcStatus),
        text: String(message ?? ""),
      });
    });
    stream.resume();
    stream.end(bad.body);
  });
}

/** Whatever the bytes are, the connection ends: by its answer, or because it makes no sense. */
function sendBytes(url: string, bad: BadRequest, signal: AbortSignal): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => socket.end(bad.body));
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", reject);
    socket.on("close", () =>
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), grpcStatus: undefined, text }),
    );
    signal.addEventListener("abort", () => socket.destroy(new Error("too late")));
  });
}
