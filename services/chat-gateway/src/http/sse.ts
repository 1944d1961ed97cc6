import type { ServerResponse } from "node:http";
import { streamType } from "./answer-record.js";

/** How long a reader may read nothing while there is something to read, in milliseconds. */
const stalledMs = 60_000;

/** Writes server-sent events. */
export interface SseWriter {
  /** Whether something was written, so that the status can no longer change. */
  readonly started: boolean;
  /** Writes whole lines. The promise, if there is one, resolves when there is room for more, or nobody reads any more. */
  write(lines: string): void | Promise<void>;
  /** Writes the last lines. */
  end(lines: string): void;
}

/**
 * Makes a writer of server-sent events. The head goes out with the first lines.
 *
 * A reader that takes nothing for a minute while its buffer is full is cut off.
 */
export function createSseWriter(res: ServerResponse): SseWriter {
  let written = false;

  function start(): void {
    if (res.headersSent) return;
    res.writeHead(200, {
      "content-type": streamType,
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
  }
  return {
    get started() {
      return written || res.headersSent;
    },
    write(lines) {
      written = true;
      if (res.destroyed) return undefined;
      start();
      return res.write(lines) ? undefined : roomFor(res);
    },
    end(lines) {
      written = true;
      if (res.destroyed) return;
      start();
      res.end(lines);
    },
  };
}

function roomFor(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.destroy(), stalledMs);
    const done = (): void => {
      clearTimeout(timer);
      res.off("drain", done);
      res.off("close", done);
      resolve();
    };
    res.once("drain", done);
    res.once("close", done);
  });
}

/** Something that is sent now and then while there is nothing else to send. */
export interface KeepAlive {
  /** Says that something was sent. */
  touch(): void;
  stop(): void;
}

/** Calls `send` whenever nothing was sent for `everyMs` to twice that, in milliseconds. */
export function startKeepAlive(everyMs: number, send: () => void): KeepAlive {
  let touched = false;
  const timer = setInterval(() => {
    if (!touched) send();
    touched = false;
  }, everyMs);
  return {
    touch: () => {
      touched = true;
    },
    stop: () => clearInterval(timer),
  };
}
