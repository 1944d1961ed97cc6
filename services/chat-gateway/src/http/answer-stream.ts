import { type Chunks, done, type Finish } from "./chunks.js";
import type { AnswerRecord } from "./answer-record.js";
import type { ErrorAnswer } from "./errors.js";
import { type SseWriter, startKeepAlive } from "./sse.js";

/** A streamed answer: chunks in their order, and comments while there is nothing to send. */
export interface AnswerStream {
  /** Whether something has gone out, so that an error can no longer change the status. */
  readonly started: boolean;
  /** Writes a comment. It begins the stream. */
  comment(text: string): void;
  /** Writes a piece of the text. The promise, if there is one, resolves when there is room for more. */
  text(piece: string): void | Promise<void>;
  /** Writes a piece of something else: the JSON text of what a choice holds, such as its `delta`. As `text`. */
  piece(json: string): void | Promise<void>;
  /** Writes what happens in the panel, as JSON. It begins the stream. As `text`. */
  event(json: string): void | Promise<void>;
  /** Ends the answer. `about` is what is said of it as a whole: members of a JSON object in text. */
  finish(finish: Finish, about: string): void;
  /** Ends the stream with an error. Only once it has started. */
  fail(answer: ErrorAnswer, beside?: object): void;
  /** Stops the comments. Needed however the stream ends. */
  [Symbol.dispose](): void;
}

/** How a streamed answer is made. */
export interface AnswerStreamOptions {
  /** How long it may be silent, in milliseconds; at most twice as long. */
  readonly keepAliveMs: number;
  /** The comment for when it is silent. */
  readonly idle: () => string;
  /** Notes the answer. Unset when nobody asks for it again. */
  readonly record?: AnswerRecord | undefined;
}

/**
 * Makes a streamed answer. The first piece or comment begins it; until then an error can still have a status of its own.
 */
export function createAnswerStream(
  writer: SseWriter,
  chunks: Chunks,
  { keepAliveMs, idle, record }: AnswerStreamOptions,
): AnswerStream {
  let opened = false;
  /** What is noted: the lines so far, and the text that comes after them. */
  const kept = { lines: "", text: "" };
  const keepAlive = startKeepAlive(keepAliveMs, () => comment(idle()));

  function comment(text: string): void {
    keepAlive.touch();
    void writer.write(`: ${text}\n\n`);
  }

  function afterOpening(lines: string): string {
    keepAlive.touch();
    if (opened) return lines;
    opened = true;
    return chunks.opening() + lines;
  }

  function keep(lines: string): void {
    if (record === undefined) return;
    if (kept.text !== "") kept.lines += chunks.text(kept.text);
    kept.text = "";
    kept.lines += lines;
  }

  function write(lines: string): void | Promise<void> {
    return writer.write(afterOpening(lines));
  }

  return {
    get started() {
      return writer.started;
    },
    comment,
    text(piece) {
      if (record !== undefined) kept.text += piece;
      return write(chunks.text(piece));
    },
    piece(json) {
      const lines = chunks.piece(json);
      keep(lines);
      return write(lines);
    },
    event(json) {
      keepAlive.touch();
      return writer.write(chunks.event(json));
    },
    finish(finish, about) {
      const end = chunks.finish(finish);
      const last = chunks.last(about) + done;
      keep(end + last);
      record?.stream(chunks.opening() + kept.lines, null);
      writer.end(afterOpening(end) + last);
    },
    fail(answer, beside) {
      const last = chunks.error(answer, beside) + done;
      keep(last);
      // What was written is paid for.
      record?.stream((opened ? chunks.opening() : "") + kept.lines, { paid: answer.paid || opened });
      writer.end(last);
    },
    [Symbol.dispose]: () => keepAlive.stop(),
  };
}
