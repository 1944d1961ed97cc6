import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { SynodError } from "@synod/rpc";
import { invalid } from "../failure.js";
import { HttpError } from "./http-error.js";
import { findExcess } from "./json-limits.js";

/** A request's body: what it says, and how it was written. */
export interface JsonBody {
  readonly json: unknown;
  readonly text: string;
}

/**
 * Reads a request's body as JSON.
 *
 * @param maxBytes The largest body that is read, in bytes.
 * @throws HttpError 415 when it says to be something else; SynodError `request_too_large` or `invalid_value`.
 */
export async function readJson(req: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  checkHeaders(req, maxBytes);
  const body = await readBytes(req, maxBytes);
  if (!isUtf8(body)) throw invalid("", "The body is not valid UTF-8.");
  const excess = findExcess(body);
  if (excess !== null) throw invalid("", `Too much: ${excess}.`);
  const text = body.toString("utf8");
  try {
    return { json: JSON.parse(text), text };
  } catch (error) {
    throw invalid(
      "",
      `The body is not valid JSON: ${error instanceof Error ? error.message : "unreadable"}.`,
    );
  }
}

function checkHeaders({ headers }: IncomingMessage, maxBytes: number): void {
  const type = headers["content-type"] ?? "";
  if (!/^application\/json *(;|$)/i.test(type)) {
    throw new HttpError(
      415,
      "unsupported_media_type",
      "Send JSON with the header `Content-Type: application/json`.",
    );
  }
  const charset = /; *charset *= *"?([^";\s]+)/i.exec(type)?.[1] ?? "utf-8";
  if (!/^utf-?8$/i.test(charset)) {
    throw new HttpError(415, "unsupported_media_type", "Send JSON in UTF-8.");
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new HttpError(415, "unsupported_media_type", "Send the body without a content encoding.");
  }
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): Error {
  return new SynodError({
    reason: "request_too_large",
    message: `The body is larger than ${maxBytes} bytes.`,
  });
}

function unfinished(cause?: unknown): Error {
  return new SynodError({ reason: "canceled", message: "The request was not sent to its end." }, { cause });
}

function readBytes(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        chunks.length = 0;
        req.removeAllListeners("data");
        req.pause();
        reject(tooLarge(maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    req.once("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, size)),
    );
    req.once("error", (cause) => reject(unfinished(cause)));
    req.once("close", () => {
      if (!req.readableEnded) reject(unfinished());
    });
  });
}
