import type { IncomingMessage, ServerResponse } from "node:http";
import { SynodError } from "@synod/rpc";
import type { Span } from "@synod/telemetry";
import type { CallerCheck } from "../caller.js";
import { stopping } from "../given-up.js";
import type { HttpDeps } from "./deps.js";
import { errorOf, type Exchange, sendError } from "./exchange.js";
import { checkRequestId, giveRequestId } from "./request-id.js";
import { endRequestSpan, startRequestSpan } from "./request-span.js";
import { matchPath, routeOf } from "./router.js";

/** Answers plain HTTP: the REST routes, and 404 for everything else. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse, ending?: AbortSignal) => void;

/** Makes the handler of plain HTTP. */
export function createHttpHandler(deps: HttpDeps, checkCaller: CallerCheck): HttpHandler {
  async function answer(exchange: Omit<Exchange, "caller" | "trace">, done: AnswerLog): Promise<void> {
    const { req, res } = exchange;
    try {
      checkRequestId(req);
      const caller = await checkCaller(req.headers.authorization);
      const match = matchPath(req.url ?? "/");
      done.route = match?.pattern ?? "other";
      done.span = startRequestSpan(deps.tracer, req, match);
      const trace = done.span.context;
      await routeOf(match, req.method ?? "GET")({ ...exchange, caller, trace }, deps);
    } catch (error) {
      if (exchange.isLeft()) return;
      const failed = errorOf(error, exchange);
      done.code = failed.code;
      if (failed.status === 500) deps.events.defect(error, exchange.requestId);
      if (res.headersSent) res.destroy();
      else sendError(exchange, failed);
    }
  }

  return (req, res, ending) => {
    const begun = deps.clock.elapsed();
    const requestId = giveRequestId(req, res);
    const done: AnswerLog = { route: "other" };
    const stop = new AbortController();
    const end = (): void => stop.abort(new SynodError(stopping));
    let left = false;
    res.setHeader("x-should-retry", "false");
    ending?.addEventListener("abort", end, { once: true });
    res.once("close", () => {
      ending?.removeEventListener("abort", end);
      left = !res.writableFinished;
      if (left) stop.abort();
      const status = left && done.code === undefined ? 499 : res.statusCode;
      if (done.span !== undefined) endRequestSpan(done.span, status, done.code);
      deps.events.requestAnswered({
        requestId,
        method: req.method ?? "",
        route: done.route,
        status,
        durationMs: deps.clock.elapsed() - begun,
        code: done.code,
      });
    });
    void answer({ req, res, requestId, signal: stop.signal, isLeft: () => left }, done);
  };
}

interface AnswerLog {
  route: string;
  code?: string;
  /** Unset until the request is let in. */
  span?: Span;
}
