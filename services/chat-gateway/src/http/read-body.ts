import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { setImmediate } from "node:timers/promises";
import { type BodyHold, findJsonExcess, SynodError } from "@synod/rpc";
import { invalid } from "../failure.js";
import type { HttpDeps } from "./deps.js";
import { HttpError } from "./http-error.js";
import type { PlacedExchange } from "./with-place.js";

/** From how many bytes on a body is long. */
const longBytes = 200_000;

/** A request's body: what it says, and how it was written. */
export interface JsonBody {
  readonly json: unknown;
  readonly text: string;
}

/**
 * Reads a request's body as JSON.
 *
 * @throws HttpError 415 when it says to be something else; SynodError `request_too_large`, `invalid_value`, or `overloaded`
 * when there is no room for it.
 */
export async function readJson(
  { req, hold }: Pick<PlacedExchange, "req" | "hold">,
  { config }: Pick<HttpDeps, "config">,
): Promise<JsonBody> {
  const maxBytes = config.settings.limits.requestBytes;
  checkHeaders(req, maxBytes);
  const body = await readBytes(req, maxBytes, hold);
  if (!isUtf8(body)) throw invalid("", "The body is not valid UTF-8.");
  const excess = findJsonExcess(body);
  if (excess !== null) throw invalid("", `The body is too much: ${excess}.`);
  const text = body.toString("utf8");
  const json = parsed(text);
  // What is done with a long one next takes as long again: others have their turn first.
  if (body.length > longBytes) await setImmediate();
  return { json, text };
}

/** Half of a surrogate pair can only be written as an escape. It has no UTF-8 form and so could not leave this process. */
function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return /\\ud[89a-f]/i.test(text) ? wellFormed(json) : json;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    throw invalid("", `The body is not valid JSON: ${reason}.`);
  }
}

/** The same value with its texts mended in place. A reviver would take several times as long. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (!isRecord(value)) return value;
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (typeof member !== "string") wellFormed(member);
    else if (!member.isWellFormed()) value[name] = member.toWellFormed();
  }
  return value;
}

/** An array as well. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

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

function readBytes(req: IncomingMessage, maxBytes: number, hold: BodyHold): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      try {
        if (size + chunk.length > maxBytes) throw tooLarge(maxBytes);
        hold.add(chunk.length);
      } catch (error) {
        chunks.length = 0;
        req.off("data", take);
        req.pause();
        reject(error);
        return;
      }
      size += chunk.length;
      chunks.push(chunk);
    };
    req.on("data", take);
    req.once("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, size)),
    );
    req.once("error", (cause) => reject(unfinished(cause)));
    req.once("close", () => {
      if (!req.readableEnded) reject(unfinished());
    });
  });
}
