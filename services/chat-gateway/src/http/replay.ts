import { randomUUID } from "node:crypto";
import type { StoredResponse } from "@synod/run-store";
import type { AnswerForm } from "./answer-form.js";
import { streamType } from "./answer-record.js";
import { answerHead, createChunks, done } from "./chunks.js";
import { type HttpDeps, keepAliveMsOf } from "./deps.js";
import type { ErrorAnswer } from "./errors.js";
import type { Exchange } from "./exchange.js";
import { createSseWriter, type SseWriter, startKeepAlive } from "./sse.js";

const replayedHeader = "idempotency-replayed";

/** A stream that is asked for. */
export interface WantedStream {
  readonly form: AnswerForm;
  readonly model: string;
}

/** Answers a request with what another one came to. */
export interface Replay {
  /** Keeps a stream alive while the other request is being answered. */
  wait(): void;
  /** Gives the answer that the other request got. */
  send(response: StoredResponse): void;
  /** Whether a stream was begun while it waited, and has not ended: the status can no longer say an error. */
  readonly isOpen: boolean;
  /** Ends the stream that is open with an error. */
  fail(answer: ErrorAnswer): void;
  /** Stops waiting. Needed however it ends. */
  [Symbol.dispose](): void;
}

/** @param stream Undefined when a whole answer is asked for. */
export function createReplay(exchange: Exchange, stream: WantedStream | undefined, deps: HttpDeps): Replay {
  const { res } = exchange;
  const writer = createSseWriter(res);
  let stop = (): void => undefined;
  let hasWaited = false;
  return {
    wait() {
      if (stream === undefined) return;
      // The head says nothing of a replay: nobody knows yet whether it will be one.
      const comment = (): void => {
        hasWaited = true;
        void writer.write(": synod waiting\n\n");
      };
      ({ stop } = startKeepAlive(keepAliveMsOf(deps), comment));
    },
    send({ status, type, body }) {
      if (exchange.isLeft()) return;
      markReplayed(exchange);
      if (type === streamType) return writer.end(body);
      if (stream !== undefined && writer.started) {
        const { error, ...beside } = JSON.parse(body) as StoredErrorBody;
        return endWithError(writer, stream, { status, message: error.message }, beside, deps);
      }
      res.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
      res.end(body);
    },
    get isOpen() {
      return hasWaited && !res.writableEnded;
    },
    fail(answer) {
      if (stream !== undefined) endWithError(writer, stream, answer, {}, deps);
    },
    [Symbol.dispose]: () => stop(),
  };
}

/** Says that an answer was made for an earlier request. */
export function markReplayed({ res }: Pick<Exchange, "res">): void {
  if (!res.headersSent) res.setHeader(replayedHeader, "true");
}

interface StoredErrorBody {
  readonly error: { readonly message: string };
}

/** The head has gone out, so that the status can no longer say it. */
function endWithError(
  writer: SseWriter,
  { form, model }: WantedStream,
  error: Pick<ErrorAnswer, "status" | "message">,
  beside: object,
  { clock }: HttpDeps,
): void {
  const origin = { id: randomUUID(), timeMs: clock.now(), model, fingerprint: "synod" };
  const chunks = createChunks(() => answerHead(form.chunk, origin), form.chunks);
  writer.end(chunks.error(error, beside) + done);
}
