import { closestTo } from "../closest.js";
import type { ListedModel } from "../models.js";
import { invalid, unknownModel } from "../failure.js";
import type { Route } from "./deps.js";
import { contextOf, sendJson } from "./exchange.js";
import { modelJson } from "./model-json.js";

/** `GET /v1/models`: all of them, or those that `offset` and `limit` name. OpenRouter's client asks so for long lists. */
export const listModels: Route = async (exchange, deps) => {
  const query = new URLSearchParams(/\?([^#]*)/.exec(exchange.req.url ?? "")?.[1]);
  const offset = countIn(query, "offset", 0) ?? 0;
  const limit = countIn(query, "limit", 1);
  const models = await deps.listModels(contextOf(exchange), exchange.signal);
  const end = limit === undefined ? models.length : offset + limit;
  const next = end < models.length ? `/v1/models?offset=${end}&limit=${limit}` : null;
  const data = models.slice(offset, end).map(modelJson);
  sendJson(
    exchange,
    200,
    JSON.stringify({ object: "list", data, total_count: models.length, links: { next } }),
  );
};

function countIn(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const count = Number(text);
  if (/^\d{1,9}$/.test(text) && count >= least) return count;
  throw invalid(name, `${name} must be a whole number from ${least} to 999999999.`);
}

/** `GET /v1/models/{id}` */
export const getModel =
  (id: string): Route =>
  async (exchange, deps) => {
    const models = await deps.listModels(contextOf(exchange), exchange.signal);
    const model = models.find((listed) => listed.id === id);
    if (model === undefined) throw unknownModel(notListed(id, models));
    sendJson(exchange, 200, JSON.stringify(modelJson(model)));
  };

function notListed(id: string, models: readonly ListedModel[]): string {
  const closest = closestTo(
    id,
    models.map((listed) => listed.id),
  );
  return closest.length === 0
    ? "No such model is listed."
    : `No such model is listed. Close to it: ${closest.join(", ")}.`;
}
