import type { ServerResponse } from "node:http";
import { serverStopping } from "./refuse.js";

/** An answer of the listener's own. */
interface PlainRefusal {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

const wrong = { type: "invalid_request_error" } as const;

/** It does not say once whom it is for. */
export const noHost: PlainRefusal = {
  ...wrong,
  status: 400,
  code: "invalid_value",
  message: "the request must have one Host header",
  headers: { connection: "close" },
};

/** A probe is only asked. */
export const notThisMethod: PlainRefusal = {
  ...wrong,
  status: 405,
  code: "method_not_allowed",
  message: "use GET here",
  headers: { allow: "GET, HEAD" },
};

/** Nothing is there. */
export const notFound: PlainRefusal = {
  ...wrong,
  status: 404,
  code: "not_found",
  message: "there is nothing at this path",
  headers: {},
};

/** The server is stopping. */
export const stopping: PlainRefusal = {
  status: 503,
  type: "overloaded",
  code: "overloaded",
  message: serverStopping().message,
  headers: { "retry-after": "1" },
};

/** Refuses a request in the shape of every error. */
export function refuse(res: ServerResponse, { status, type, code, message, headers }: PlainRefusal): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader("x-should-retry", String(status === 503));
  sendJson(res, status, { error: { message, type, param: null, code } });
}

/** Answers with JSON. */
export function sendJson(res: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  res.end(text);
}
