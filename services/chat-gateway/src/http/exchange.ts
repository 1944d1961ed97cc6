import type { IncomingMessage, ServerResponse } from "node:http";
import { SynodError, type TravellingContext } from "@synod/rpc";
import type { TraceContext } from "@synod/telemetry";
import type { Caller } from "../caller.js";
import { stopping } from "../given-up.js";
import type { Claim } from "../logged-request.js";
import { mayBePaid } from "../paid.js";
import type { AnswerRecord } from "./answer-record.js";
import { answerOf, answerOfFailure, type ErrorAnswer, errorJson } from "./errors.js";

/** How long the connection of a body that was not read stays open for its sender to read the answer, in milliseconds. */
const lingerMs = 250;

/** One request and its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  /** Who asks. */
  readonly caller: Caller;
  /** Where in a trace it is. */
  readonly trace: TraceContext;
  /** Aborts when the caller leaves before the answer is whole, and when Synod stops and waits no longer. */
  readonly signal: AbortSignal;
  /** Whether the caller has left: nothing that is written reaches anyone. */
  isLeft(): boolean;
  /** The idempotency key that it holds, so that it goes on when its caller leaves. Unset when it holds none. */
  readonly claim?: Claim;
  /** Notes the answer. What is not streamed is noted alone, and goes out later. Unset when nobody asks for it again. */
  readonly record?: AnswerRecord;
}

/** What a call that is made for a request carries. */
export function contextOf({ requestId, trace }: Exchange): TravellingContext {
  return { requestId, ...trace };
}

/**
 * Anything thrown while a request was answered, as its caller sees it. When Synod stops, it is told to ask again, unless what
 * was begun for it was paid for.
 */
export function errorOf(
  error: unknown,
  { signal, isLeft }: Pick<Exchange, "signal" | "isLeft">,
): ErrorAnswer {
  if (!signal.aborted || isLeft()) return answerOf(error);
  const paid = error instanceof SynodError && mayBePaid(error);
  return answerOfFailure({ ...stopping, retryable: !paid }, { paid });
}

/** Calls back once an answer is out, or nobody waits for it any more; at once when that is so already. */
export function onceClosed({ res }: Pick<Exchange, "res">, then: () => void): void {
  if (res.closed) then();
  else res.once("close", then);
}

/** Answers with JSON text. */
export function sendJson(
  { res, record }: Pick<Exchange, "res" | "record">,
  status: number,
  json: string,
): void {
  if (record !== undefined) return record.whole(status, json);
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(json) });
  res.end(json);
}

/**
 * Answers with an error.
 *
 * @param beside Fields that stand beside `error`.
 */
export function sendError(
  { req, res, record }: Pick<Exchange, "req" | "res" | "record">,
  answer: ErrorAnswer,
  beside: object = {},
): void {
  if (record !== undefined) return record.error(answer, beside);
  const json = JSON.stringify({ error: errorJson(answer), ...beside });
  const { retryAfterMs } = answer;
  // Whatever is left of a body would be taken for the next request.
  const unread =
    !req.complete && (req.headers["transfer-encoding"] ?? req.headers["content-length"] ?? "0") !== "0";
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
  if (retryAfterMs !== undefined) res.setHeader("retry-after", Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  if (unread) res.setHeader("connection", "close");
  res.setHeader("x-should-retry", String(answer.retryable));
  res.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(json),
  });
  if (!unread) {
    res.end(json);
    return;
  }
  // Closing at once would reset the connection, and the sender could lose the answer.
  res.write(json);
  setTimeout(() => res.end(), lingerMs).unref();
}
