import type { IncomingMessage } from "node:http";
import { readTraceContext, type Span, type Tracer } from "@synod/telemetry";
import type { Match } from "./router.js";

const knownMethods: ReadonlySet<string> = new Set([
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"],
]);

/**
 * Begins the span of a request, below its caller's, by the conventions for HTTP servers:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/. The path that was asked is not in it: it may hold anything.
 */
export function startRequestSpan(tracer: Tracer, req: IncomingMessage, match: Match | undefined): Span {
  const { traceparent, tracestate } = req.headers;
  const method = knownMethods.has(req.method ?? "") ? req.method : undefined;
  const name = method ?? "HTTP";
  return tracer.start(match === undefined ? name : `${name} ${match.pattern}`, {
    kind: "server",
    parent: readTraceContext({ traceparent, tracestate }),
    attributes: { "http.request.method": method ?? "_OTHER", "http.route": match?.pattern },
  });
}

/** Ends the span of a request. `code` is its error's. */
export function endRequestSpan(span: Span, status: number, code: string | undefined): void {
  span.set({ "http.response.status_code": status, "error.type": code });
  // The caller's own mistakes are no failure of a server.
  if (status >= 500) span.fail(code ?? String(status));
  span.end();
}
