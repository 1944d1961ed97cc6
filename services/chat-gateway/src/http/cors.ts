import type { IncomingMessage, ServerResponse } from "node:http";
import { limitHeaders } from "./limit-headers.js";

const exposed = [
  "x-request-id",
  "retry-after",
  "x-should-retry",
  "idempotency-replayed",
  ...limitHeaders,
  "x-generation-id",
  "x-openrouter-cache-status",
  "x-openrouter-cache-age",
  "x-openrouter-cache-ttl",
  "x-openrouter-cache-source-id",
].join(", ");

/**
 * Tells browsers whether a page of another origin may read the answer.
 *
 * @returns whether the request was a preflight, which is answered now.
 */
export function answerCors(req: IncomingMessage, res: ServerResponse, origins: readonly string[]): boolean {
  const { origin } = req.headers;
  if (origin === undefined || origins.length === 0) return false;
  const all = origins.includes("*");
  if (!all) res.setHeader("vary", "origin");
  if (!all && !origins.includes(origin)) return false;
  res.setHeader("access-control-allow-origin", all ? "*" : origin);
  res.setHeader("access-control-expose-headers", exposed);
  if (req.method !== "OPTIONS" || req.headers["access-control-request-method"] === undefined) return false;
  res.writeHead(204, {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers":
      req.headers["access-control-request-headers"] ?? "authorization, content-type",
    "access-control-max-age": "600",
  });
  res.end();
  return true;
}
