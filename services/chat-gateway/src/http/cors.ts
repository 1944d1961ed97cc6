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
 * Tells browsers whether a page of another origin may read the answer. It never says that they may send what they know of
 * the caller by themselves, such as cookies: keys are sent in a header, which a page must hold.
 *
 * @returns whether the request was a preflight, which is answered now.
 */
export function answerCors(req: IncomingMessage, res: ServerResponse, origins: readonly string[]): boolean {
  if (origins.length === 0) return false;
  const all = origins.includes("*");
  // Also where no origin is named: a cache must not give that answer to a page.
  if (!all) res.setHeader("vary", "origin");
  const { origin } = req.headers;
  if (origin === undefined || (!all && !origins.includes(origin))) return false;
  res.setHeader("access-control-allow-origin", all ? "*" : origin);
  res.setHeader("access-control-expose-headers", exposed);
  if (req.method !== "OPTIONS" || req.headers["access-control-request-method"] === undefined) return false;
  res.setHeader("vary", "origin, access-control-request-method, access-control-request-headers");
  res.writeHead(204, {
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers":
      req.headers["access-control-request-headers"] ?? "authorization, content-type",
    "access-control-max-age": "600",
  });
  res.end();
  return true;
}
