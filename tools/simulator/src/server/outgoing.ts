import type { ServerResponse } from "node:http";
import type { CallEntry } from "../ledger/entry.js";

/** A response that is being sent, with the ledger told of it. */
export interface Outgoing {
  /** Whether the connection is gone. */
  readonly closed: boolean;
  /** Sends status and headers, once. With `length`, that of the whole body, they go with the bytes that follow. */
  head(length?: number): void;
  /** Sends bytes. Resolves at once, or when a slow client has taken enough. */
  write(bytes: string | Uint8Array, tokens: number): Promise<void> | undefined;
  /** Resolves after so many milliseconds, or when the connection is gone. */
  sleep(ms: number): Promise<void>;
  /** Resolves when the connection is gone. */
  gone(): Promise<void>;
  /** Ends the response properly, with a last piece. */
  end(bytes: string | Uint8Array | undefined, tokens: number, failed: boolean): void;
  /** Resets the connection. */
  reset(): Promise<void>;
  /** Closes the connection without the end of the response. */
  fin(): void;
}

// Long enough for the bytes before a reset to reach the client, which may drop what it has not read.
const BEFORE_RESET_MS = 5;

/** Takes over a response. */
export function createOutgoing(
  res: ServerResponse,
  record: CallEntry,
  first: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Outgoing {
  let closed = false;
  let broken = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  res.on("close", () => {
    closed = true;
    if (!res.writableFinished && !broken) record.end("aborted");
    wake();
  });
  res.on("drain", wake);

  const head = (length?: number) => {
    if (res.headersSent || closed) return;
    res.writeHead(
      first.status,
      length === undefined ? first.headers : { ...first.headers, "content-length": length },
    );
    record.responding(first.status);
  };
  const pause = (ms?: number) =>
    new Promise<void>((resolve) => {
      if (closed) return resolve();
      const done = () => {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      waiting.add(done);
    });
  const breakOff = (act: () => void) => {
    broken = true;
    record.end("failed");
    act();
  };

  return {
    get closed() {
      return closed;
    },
    head(length) {
      head(length);
      if (length === undefined) res.flushHeaders();
    },
    write(bytes, tokens) {
      if (closed) return undefined;
      head();
      const room = res.write(bytes);
      if (tokens > 0) record.sent(tokens);
      return room ? undefined : pause();
    },
    sleep: (ms) => pause(ms),
    async gone() {
      while (!closed) await pause();
    },
    end(bytes, tokens, failed) {
      if (closed) return;
      head();
      res.end(bytes ?? "", () => record.end(failed ? "failed" : "finished"));
      if (tokens > 0) record.sent(tokens);
    },
    async reset() {
      if (res.headersSent) await pause(BEFORE_RESET_MS);
      breakOff(() => (res.socket ? res.socket.resetAndDestroy() : res.destroy()));
    },
    fin() {
      breakOff(() => (res.socket ? res.socket.end() : res.destroy()));
    },
  };
}
