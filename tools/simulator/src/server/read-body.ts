import type { IncomingMessage } from "node:http";

/** The most bytes of a body. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The whole body; `too_large` beyond 32 MiB; `gone` when the client left before its end. */
export function readBody(req: IncomingMessage): Promise<Buffer | "too_large" | "gone"> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    req.on("data", (part: Buffer) => {
      size += part.length;
      if (size > MAX_BODY_BYTES) {
        parts.length = 0;
        resolve("too_large");
      } else parts.push(part);
    });
    req.on("end", () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)));
    req.on("close", () => resolve("gone"));
  });
}
