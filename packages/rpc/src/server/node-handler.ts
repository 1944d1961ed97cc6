import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { DescMethod } from "@bufbuild/protobuf";
import {
  type ConnectRouter,
  createConnectRouter,
  type ContextValues,
  createContextValues,
  type Interceptor,
} from "@connectrpc/connect";
import type { Logger } from "@synod/telemetry";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "../connect-internals.js";
import { workOf } from "../context/call-work.js";
import { capTimeout } from "../context/headers.js";
import { toConnectError } from "../errors/to-connect-error.js";
import { defaultMaxBytes, longestTimeoutMs } from "../limits.js";
import type { Admission } from "./admission.js";
import { type BodyBudget, createBodyBudget } from "./body-budget.js";
import { endUnread } from "./end-unread.js";
import type { ServerLimits } from "./limits.js";
import { createMessageCheck } from "./message-excess.js";
import { readMessage } from "./read-message.js";
import { refuseWhenMarked, refusedKey } from "./refuse.js";

/** A request of either HTTP version. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** A response of either HTTP version. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** What a handler needs. */
interface NodeHandlerOptions {
  readonly routes: readonly ((router: ConnectRouter) => void)[];
  readonly interceptors: readonly Interceptor[];
  readonly limits: ServerLimits;
  readonly logger: Logger;
  /** What the bodies of requests are counted in. Without a limit when unset. */
  readonly bodies: BodyBudget | undefined;
  /** Who is let in before a body is read. Everyone when unset. */
  readonly admit: Admission | undefined;
  /** Ends every call when it fires. */
  readonly abort: AbortSignal;
  /** Whether a new call is turned away, because the server is stopping. */
  readonly refuses: (request: NodeRequest) => boolean;
}

/** Answers a request if it is for an RPC; returns whether it is. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => boolean;

/** Makes the handler of Connect, gRPC and gRPC-Web calls, for HTTP/1.1 and HTTP/2. */
export function createNodeHandler(options: NodeHandlerOptions): NodeHandler {
  const { limits, bodies = createBodyBudget() } = options;
  const maxBytes = limits.readMaxBytes ?? defaultMaxBytes;
  const timeoutMs = limits.requestTimeoutMs ?? 30_000;
  const check = limits.strangers === true ? createMessageCheck() : undefined;
  const router = createConnectRouter({
    interceptors: [refuseWhenMarked, ...options.interceptors],
    readMaxBytes: maxBytes,
    writeMaxBytes: limits.writeMaxBytes ?? defaultMaxBytes,
    // Back-pressure counts bytes as they are sent: compressed, tens of MiB run ahead of a reader who has stopped.
    acceptCompression: [],
    maxTimeoutMs: longestTimeoutMs,
    shutdownSignal: options.abort,
  });
  for (const routes of options.routes) routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  /** Reads the message of a call that is let in. */
  async function admitted(
    method: DescMethod,
    request: NodeRequest,
    response: NodeResponse,
    values: ContextValues,
  ): Promise<Uint8Array> {
    try {
      await options.admit?.({ method, headers: request.headers, values });
    } catch (error) {
      throw toConnectError(error);
    }
    if (isGone(request)) throw new Error("the caller has left"); // nobody reads that
    const hold = bodies.hold();
    response.once("close", () => workOf({ values }).whenIdle(() => hold.release()));
    return readMessage(request, { input: method.input, maxBytes, timeoutMs, hold, check });
  }

  /** Reads the body of a call that has one message. What is thrown is thrown where the body is read again. */
  async function bodyOf(
    method: DescMethod,
    request: NodeRequest,
    response: NodeResponse,
    values: ContextValues,
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { methodKind } = method;
    if (methodKind !== "unary" && methodKind !== "server_streaming") return undefined;
    const message = admitted(method, request, response, values);
    await message.catch(() => undefined);
    return only(message);
  }

  async function answer(path: string, request: NodeRequest, response: NodeResponse): Promise<void> {
    const handler = handlers.get(path);
    if (handler === undefined) return;
    try {
      // Nothing else is done for a call whose message does not come.
      const values = createContextValues();
      const body = await bodyOf(handler.method, request, response, values);
      if (isGone(request)) return;
      values.set(refusedKey, options.refuses(request));
      const universal = universalRequestFromNodeRequest(request, response, undefined, values);
      capTimeout(universal.header);
      const answered = await handler(body === undefined ? universal : { ...universal, body });
      await universalResponseToNodeResponse(endUnread(answered, request), response);
    } catch (err) {
      // Mostly that the client is gone, which the middleware logs.
      const reason = err instanceof Error ? err.message : String(err);
      options.logger.debug({ reason, path }, "a response could not be written");
      if (!response.headersSent && !response.writableEnded) response.writeHead(400);
      response.end();
    }
  }

  return (request, response) => {
    const path = pathOf(request);
    if (!handlers.has(path)) return false;
    void answer(path, request, response);
    return true;
  };
}

/** The path of a request, without its query. */
export function pathOf(request: NodeRequest): string {
  const url = request.url ?? "/";
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

/** Whether nobody waits for an answer any more. */
function isGone(request: NodeRequest): boolean {
  return ("stream" in request ? request.stream : request.socket).destroyed;
}

async function* only(message: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await message;
}
