import { openApiDocument } from "../openapi/document.js";
import type { Route } from "./deps.js";
import { sendJson } from "./exchange.js";

const json = JSON.stringify(openApiDocument());

/** `GET /openapi.json`: the description of all routes. */
export const getOpenApi: Route = async (exchange) => sendJson(exchange, 200, json);
