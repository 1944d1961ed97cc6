import type { Duplex } from "node:stream";
import { safeHeaders } from "./safe-headers.js";

/** An answer to what is no request that a route could see. */
export interface RawRefusal {
  /** The status line's code and reason. */
  readonly status: string;
  readonly code: string;
  readonly text: string;
  /** Whether the same request can succeed later. */
  readonly retry: boolean;
}

const head = Object.entries(safeHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("");

/** Answers on a connection that has no response, in the shape of every error, and closes it. */
export function refuseRaw(socket: Duplex, refusal: RawRefusal, requestId: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({
    error: { message: refusal.text, type: "invalid_request_error", param: null, code: refusal.code },
  });
  socket.end(
    `HTTP/1.1 ${refusal.status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\nX-Should-Retry: ${refusal.retry}\r\n${head}Connection: close\r\n\r\n${body}`,
  );
}
