import { type Chunks, done, type Finish } from "./chunks.js";
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

/**
 * Makes a streamed answer. The first piece or comment begins it; until then an error can still have a status of its own.
 *
 * @param keepAliveMs How long it may be silent, in milliseconds; at most twice as long.
 * @param idle The comment for when it is silent.
 */
export function createAnswerStream(
  writer: SseWriter,
  chunks: Chunks,
  keepAliveMs: number,
  idle: () => string,
): AnswerStream {
  let opened = false;
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

  return {
    get started() {
      return writer.started;
    },
    comment,
    text: (piece) => writer.write(afterOpening(chunks.text(piece))),
    piece: (json) => writer.write(afterOpening(chunks.piece(json))),
    event(json) {
      keepAlive.touch();
      return writer.write(chunks.event(json));
    },
    finish: (finish, about) => writer.end(afterOpening(chunks.finish(finish)) + chunks.last(about) + done),
    fail: (answer, beside) => writer.end(chunks.error(answer, beside) + done),
    [Symbol.dispose]: () => keepAlive.stop(),
  };
}
