import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger, Metrics } from "@synod/telemetry";
import { type NodeHandler, pathOf } from "./node-handler.js";
import { noHost, notFound, notThisMethod, refuse, sendJson, stopping } from "./plain-refusals.js";
import { safeHeaders } from "./safe-headers.js";

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

const safe = Object.entries(safeHeaders);

/** Routes a web request: `/healthz`, `/readyz`, `/metrics`, RPCs, then the fallback. Every answer has `safeHeaders`. */
export function createWebRoutes(
  options: WebRouteOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  const { metrics, logger } = options;
  const probes: Readonly<Record<string, (res: ServerResponse) => void>> = {
    "/healthz": (res) => sendJson(res, 200, { status: "ok" }),
    "/readyz": (res) => {
      if (options.ready()) sendJson(res, 200, { status: "ready" });
      else sendJson(res, 503, { status: "not ready" });
    },
    "/metrics": (res) =>
      void metrics.text().then(
        (text) => res.writeHead(200, { "content-type": metrics.contentType }).end(text),
        (err: unknown) => {
          logger.error({ err }, "the metrics could not be written");
          res.writeHead(500).end();
        },
      ),
  };
  return (req, res) => {
    for (const [name, value] of safe) res.setHeader(name, value);
    if (options.stopping()) res.setHeader("connection", "close");
    const path = pathOf(req);
    if (path !== "/healthz" && path !== "/readyz") options.onRequest(res);
    const answered = options.before?.(req, res) ?? false;
    if (answered === false) answer(path, req, res);
    else if (answered !== true) {
      answered.then(
        (isAnswered) => isAnswered || answer(path, req, res),
        (err: unknown) => {
          logger.error({ err }, "a request could not be looked at");
          res.writeHead(500).end();
        },
      );
    }
  };

  function answer(path: string, req: IncomingMessage, res: ServerResponse): void {
    if (!hasHost(req)) return refuse(res, noHost);
    const probe = Object.hasOwn(probes, path) ? probes[path] : undefined;
    if (probe !== undefined) {
      if (req.method === "GET" || req.method === "HEAD") probe(res);
      else refuse(res, notThisMethod);
      return;
    }
    if (options.rpc(req, res)) return;
    if (options.stopping()) return refuse(res, stopping);
    if (options.fallback === undefined || options.fallback(req, res, options.ending) === false) {
      refuse(res, notFound);
    }
  }
}

/** Whether a request says once whom it is for, as HTTP/1.1 demands. */
function hasHost({ httpVersionMinor, rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === "host") hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersionMinor === 0);
}
