import type { Server } from "node:http";
import { constants, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";

/** How long a reader may take nothing of what is ready for it, in milliseconds, when nothing else is set. */
export const usualStalledMs = 60_000;

/**
 * Cuts connections over HTTP/1.1 whose reader takes nothing for a while although something is ready for it: what is kept for
 * it would be kept for ever. A silence in which there is nothing to say is no fault.
 */
export function cutStalled(server: Server, stalledMs: number): void {
  const busy = new WeakSet<Socket>();
  server.on("request", ({ socket }, response) => {
    busy.add(socket);
    response.once("close", () => busy.delete(socket));
  });
  server.setTimeout(stalledMs, (socket: Socket) => {
    // Between two requests it is the time that a connection is kept alive that has passed.
    if (socket.writableLength > 0 || !busy.has(socket)) socket.destroy();
    else socket.setTimeout(stalledMs);
  });
}

/** The same for one call over HTTP/2. */
export function cutStalledStream(stream: ServerHttp2Stream, stalledMs: number): void {
  stream.setTimeout(stalledMs, () => {
    if (stream.writableLength > 0) stream.close(constants.NGHTTP2_CANCEL);
    else stream.setTimeout(stalledMs);
  });
}
