import type { IncomingMessage, ServerResponse } from "node:http";
import { type KeyCheck, keyNeeded } from "../api-keys.js";
import type { HttpDeps } from "./deps.js";
import { answerOf } from "./errors.js";
import { type Exchange, sendError } from "./exchange.js";
import { checkRequestId, giveRequestId } from "./request-id.js";
import { matchPath, routeOf } from "./router.js";

/** Answers plain HTTP: the REST routes, and 404 for everything else. */
export type HttpHandler = (req: IncomingMessage, res: ServerResponse) => void;

/** Makes the handler of plain HTTP. */
export function createHttpHandler(deps: HttpDeps, mayCall: KeyCheck): HttpHandler {
  async function answer(exchange: Exchange, done: AnswerLog): Promise<void> {
    const { req, res } = exchange;
    try {
      checkRequestId(req);
      if (!mayCall(req.headers.authorization)) throw keyNeeded();
      const match = matchPath(req.url ?? "/");
      done.route = match?.pattern ?? "other";
      await routeOf(match, req.method ?? "GET")(exchange, deps);
    } catch (error) {
      if (exchange.signal.aborted) return;
      const failed = answerOf(error);
      done.code = failed.code;
      if (failed.status === 500) deps.events.defect(error, exchange.requestId);
      if (res.headersSent) res.destroy();
      else sendError(exchange, failed);
    }
  }

  return (req, res) => {
    const begun = deps.clock.elapsed();
    const left = new AbortController();
    const requestId = giveRequestId(req, res);
    const done: AnswerLog = { route: "other" };
    res.setHeader("x-should-retry", "false");
    res.once("close", () => {
      if (!res.writableFinished) left.abort();
      deps.events.requestAnswered({
        requestId,
        method: req.method ?? "",
        route: done.route,
        status: res.writableFinished || done.code !== undefined ? res.statusCode : 499,
        durationMs: deps.clock.elapsed() - begun,
        code: done.code,
      });
    });
    void answer({ req, res, requestId, signal: left.signal }, done);
  };
}

interface AnswerLog {
  route: string;
  code?: string;
}
