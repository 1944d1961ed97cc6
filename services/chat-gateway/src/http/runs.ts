import type { Route } from "./deps.js";
import { sendJson } from "./exchange.js";
import { runJson, runListJson } from "./run-json.js";
import { readRunQuery } from "./run-query.js";

/** `GET /v1/runs`: the caller's runs, the newest first. */
export const listRuns: Route = async (exchange, { history }) => {
  const filter = readRunQuery(exchange.req.url ?? "");
  sendJson(exchange, 200, runListJson(await history.list(filter, exchange.caller)));
};

/** `GET /v1/runs/{id}`: a run with its request and what came of it. */
export const getRun =
  (runId: string): Route =>
  async (exchange, { history }) =>
    sendJson(exchange, 200, runJson(await history.find(runId, exchange.caller)));

/** `POST /v1/runs/{id}/cancel`: ends a run, and answers with it as it stands. Changes nothing when it is over. */
export const cancelRun =
  (runId: string): Route =>
  async (exchange, { history }) =>
    sendJson(exchange, 200, runJson(await history.cancel(runId, exchange.caller)));
