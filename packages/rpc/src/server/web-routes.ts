import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger, Metrics } from "@synod/telemetry";
import { type NodeHandler, pathOf } from "./node-handler.js";
import { serverStopping } from "./refuse.js";

/**
 * A plain HTTP handler. It may return false, at once, to say that the request is not for it. `ending` fires when the
 * server has waited long enough and ends what still goes on: an answer that is being written must come to its end then.
 */
export type WebHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  ending: AbortSignal,
) => void | boolean;

/** Sees a request first. It says, at once or later, whether it has answered or will. */
export type WebGate = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** What the routes of the web listener need. */
interface WebRouteOptions {
  readonly rpc: NodeHandler;
  /** Sees every request first. */
  readonly before: WebGate | undefined;
  /** Gets what is not an RPC, a probe or the metrics. */
  readonly fallback: WebHandler | undefined;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly ready: () => boolean;
  readonly stopping: () => boolean;
  /** Fires when what still goes on must end. */
  readonly ending: AbortSignal;
  /** Called for every request but the probes, before anything is done. */
  readonly onRequest: (response: ServerResponse) => void;
}

/** Routes a web request: `/healthz`, `/readyz`, `/metrics`, RPCs, then the fallback. */
export function createWebRoutes(
  options: WebRouteOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  const { metrics } = options;
  return (req, res) => {
    if (options.stopping()) res.setHeader("connection", "close");
    const path = pathOf(req);
    if (path !== "/healthz" && path !== "/readyz") options.onRequest(res);
    const answered = options.before?.(req, res) ?? false;
    if (answered === false) answer(path, req, res);
    else if (answered !== true) {
      answered.then(
        (isAnswered) => isAnswered || answer(path, req, res),
        (err: unknown) => {
          options.logger.error({ err }, "a request could not be looked at");
          res.writeHead(500).end();
        },
      );
    }
  };

  function answer(path: string, req: IncomingMessage, res: ServerResponse): void {
    switch (path) {
      case "/healthz":
        sendJson(res, 200, { status: "ok" });
        return;
      case "/readyz":
        if (options.ready()) sendJson(res, 200, { status: "ready" });
        else sendJson(res, 503, { status: "not ready" });
        return;
      case "/metrics":
        metrics.text().then(
          (text) => res.writeHead(200, { "content-type": metrics.contentType }).end(text),
          (err: unknown) => {
            options.logger.error({ err }, "the metrics could not be written");
            res.writeHead(500).end();
          },
        );
        return;
    }
    if (options.rpc(req, res)) return;
    if (options.stopping()) {
      refuseStopping(res);
      return;
    }
    if (options.fallback === undefined || options.fallback(req, res, options.ending) === false) notFound(res);
  }
}

function refuseStopping(res: ServerResponse): void {
  const { message } = serverStopping();
  res.setHeader("retry-after", "1");
  res.setHeader("x-should-retry", "true");
  sendJson(res, 503, { error: { message, type: "overloaded", param: null, code: "overloaded" } });
}

function notFound(res: ServerResponse): void {
  const message = "there is nothing at this path";
  res.setHeader("x-should-retry", "false");
  sendJson(res, 404, { error: { message, type: "invalid_request_error", param: null, code: "not_found" } });
}

function sendJson(res: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}
