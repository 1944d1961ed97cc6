import type { ServerResponse } from "node:http";
import type { CallEntry } from "../ledger/entry.js";

// Long enough for the bytes before a reset to reach the client, which may drop what it has not read.
const BEFORE_RESET_MS = 5;

/** A response that is being sent, with the ledger told of it. */
export class Outgoing {
  readonly #res: ServerResponse;
  readonly #entry: CallEntry;
  readonly #status: number;
  readonly #headers: Readonly<Record<string, string>>;
  #closed = false;
  #broken = false;
  /** Ends the pause that is going on: there is one at most. */
  #wake: (() => void) | undefined;

  constructor(
    res: ServerResponse,
    entry: CallEntry,
    first: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  ) {
    this.#res = res;
    this.#entry = entry;
    this.#status = first.status;
    this.#headers = first.headers;
    res.on("close", () => {
      this.#closed = true;
      if (!res.writableFinished && !this.#broken) entry.end("aborted");
      this.#wake?.();
    });
  }

  /** Whether the connection is gone. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends status and headers now, without anything of the body. */
  head(): void {
    this.#writeHead();
    this.#res.flushHeaders();
  }

  /** Sends bytes. Gives nothing when there is room for more, else what resolves when a slow client has made some. */
  write(bytes: string | Uint8Array, tokens: number): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#writeHead();
    const room = this.#res.write(bytes);
    if (tokens > 0) this.#entry.sent(tokens);
    if (room) return undefined;
    return this.#pause((wake) => {
      this.#res.on("drain", wake);
      return () => this.#res.off("drain", wake);
    });
  }

  /** Resolves after so many milliseconds, or when the connection is gone. */
  sleep(ms: number): Promise<void> {
    return this.#pause((wake) => {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Resolves when the connection is gone. */
  gone(): Promise<void> {
    return this.#pause(() => () => {});
  }

  /** Ends the response properly, with its last piece or with its whole body. */
  end(bytes: string, tokens: number, ending: { readonly failed: boolean; readonly whole: boolean }): void {
    if (this.#closed) return;
    this.#writeHead(ending.whole ? Buffer.byteLength(bytes) : undefined);
    this.#res.end(bytes, () => this.#entry.end(ending.failed ? "failed" : "finished"));
    if (tokens > 0) this.#entry.sent(tokens);
  }

  /** Resets the connection. */
  async reset(): Promise<void> {
    if (this.#res.headersSent) await this.sleep(BEFORE_RESET_MS);
    this.#breakOff();
    if (this.#res.socket) this.#res.socket.resetAndDestroy();
    else this.#res.destroy();
  }

  /** Closes the connection without the end of the response. */
  fin(): void {
    this.#breakOff();
    if (this.#res.socket) this.#res.socket.end();
    else this.#res.destroy();
  }

  #writeHead(length?: number): void {
    if (this.#res.headersSent || this.#closed) return;
    this.#res.writeHead(
      this.#status,
      length === undefined ? this.#headers : { ...this.#headers, "content-length": String(length) },
    );
    this.#entry.responding(this.#status);
  }

  #breakOff(): void {
    this.#broken = true;
    this.#entry.end("failed");
  }

  /** Waits until woken; `start` sees to that and gives what is to be undone then. */
  #pause(start: (wake: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve();
      const stop = start(() => this.#wake?.());
      this.#wake = () => {
        this.#wake = undefined;
        stop();
        resolve();
      };
    });
  }
}
