import type { Dispatcher } from "undici";
import { type CallTimeout, CallWatch, type WatchTimers } from "./call-watch.js";
import { type Inflater, inflaterFor } from "./inflate.js";
import { toIoError, UpstreamIoError } from "./io-error.js";

/** What an upstream answered: its head, and its body as it arrives. */
export interface UpstreamResponse {
  /** 200 to 599. Redirects are answers like any other; they are not followed. */
  readonly status: number;
  /** A header by its lower-case name; several of one name are joined by commas. */
  header(name: string): string | undefined;
  /**
   * Everything of the body that has arrived since the last time, decompressed; waits when there is nothing, null at the
   * end. One call at a time.
   *
   * @throws UpstreamIoError when the call broke. What had arrived before comes first.
   */
  read(): Promise<readonly Buffer[] | null>;
  /** Tells the timers that the first token has come. */
  firstToken(): void;
  /** Tells the timers that only the end is expected: silence is cut after `ms`. */
  expectEnd(ms: number): void;
  /** The reader needs no more. What is left is thrown away for a moment, so that the connection can be used again. */
  finish(): void;
  /** Ends the call at once and destroys its connection. Does nothing after the end. */
  abort(): void;
}

/** What bounds one exchange. */
export interface ExchangeOptions {
  readonly signal: AbortSignal;
  readonly timers: WatchTimers;
  /** The largest body in bytes, after decompression. */
  readonly maxBytes: number;
}

const pauseAboveBytes = 256 * 1024;
/** What a buffer costs beside its bytes: a million one-byte chunks are not a megabyte. */
const bufferCost = 64;
const drainMs = 500;
const drainBytes = 64 * 1024;

const timeoutMessages: Readonly<Record<CallTimeout, string>> = {
  connect_timeout: "no connection to the upstream came about in time",
  first_token_timeout: "the upstream wrote nothing in time",
  idle_timeout: "the upstream stopped writing",
  total_timeout: "the upstream did not end in time",
};

/** One request and its response. Made for a single `dispatch`. */
export class Exchange implements Dispatcher.DispatchHandler, UpstreamResponse {
  readonly response: Promise<UpstreamResponse>;
  readonly #options: ExchangeOptions;
  readonly #watch: CallWatch;
  readonly #onAbort = (): void => this.abort();
  #resolveResponse: (response: UpstreamResponse) => void = () => {};
  #rejectResponse: (error: UpstreamIoError) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  #status = 0;
  #inflater: Inflater | undefined;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #totalBytes = 0;
  #state: "open" | "draining" | "ended" | "failed" = "open";
  #failure: UpstreamIoError | undefined;
  #wake: (() => void) | undefined;
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.response = new Promise((resolve, reject) => {
      this.#resolveResponse = resolve;
      this.#rejectResponse = reject;
    });
    this.#watch = new CallWatch(options.timers, (timeout) =>
      this.#fail(new UpstreamIoError(timeout, timeoutMessages[timeout], { sent: this.#sent })),
    );
    options.signal.addEventListener("abort", this.#onAbort);
    if (options.signal.aborted) this.abort();
  }

  get status(): number {
    return this.#status;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  async read(): Promise<readonly Buffer[] | null> {
    if (this.#chunks.length === 0 && this.#state === "open") {
      this.#watch.waiting();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#chunks.length > 0) {
      const chunks = this.#chunks;
      this.#chunks = [];
      this.#heldBytes = 0;
      this.#resume();
      return chunks;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return null;
  }

  firstToken(): void {
    this.#watch.firstToken();
  }

  expectEnd(ms: number): void {
    this.#watch.expectEnd(ms);
  }

  finish(): void {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#release();
    this.#inflater?.destroy();
    this.#inflater = undefined;
    this.#totalBytes = 0;
    this.#resume();
    this.#drainTimer = setTimeout(() => this.#giveUpDraining(), drainMs);
    this.#drainTimer.unref();
  }

  abort(): void {
    if (this.#state === "draining") this.#giveUpDraining();
    else this.#fail(new UpstreamIoError("aborted", "the caller left", { sent: this.#sent }));
  }

  /** Ends an exchange that could not be sent. */
  giveUp(error: UpstreamIoError): void {
    this.#fail(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#watch.connected();
    // A request whose caller left while it waited for a connection is not written at all.
    if (this.#failure !== undefined) controller.abort(this.#failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#state !== "open") return;
    this.#status = status;
    this.#headers = headers;
    const inflater = inflaterFor(this.header("content-encoding"));
    if (inflater === null) {
      this.#fail(new UpstreamIoError("encoding", "the upstream's compression is unknown", { sent: true }));
      return;
    }
    if (inflater !== undefined) this.#inflate(inflater);
    this.#resolveResponse(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state === "draining") {
      this.#totalBytes += chunk.length;
      if (this.#totalBytes > drainBytes) this.#giveUpDraining();
    } else if (this.#inflater === undefined) this.#accept(chunk);
    else if (!this.#inflater.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#inflater === undefined) this.#end();
    else this.#inflater.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail(toIoError(error, this.#sent));
  }

  get #sent(): boolean {
    return this.#controller !== undefined;
  }

  #inflate(inflater: Inflater): void {
    this.#inflater = inflater;
    inflater.on("data", (chunk: Buffer) => this.#accept(chunk));
    inflater.on("drain", () => this.#resume());
    inflater.on("end", () => this.#end());
    inflater.on("error", (cause) =>
      this.#fail(
        new UpstreamIoError("encoding", "the upstream's compression is broken", { sent: true, cause }),
      ),
    );
  }

  #accept(chunk: Buffer): void {
    if (this.#state !== "open") return;
    this.#totalBytes += chunk.length;
    if (this.#totalBytes > this.#options.maxBytes) {
      this.#chunks = [];
      this.#fail(new UpstreamIoError("too_large", "the upstream's answer is too large", { sent: true }));
      return;
    }
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length + bufferCost;
    if (this.#heldBytes > pauseAboveBytes) (this.#inflater ?? this.#controller)?.pause();
    this.#watch.alive();
    this.#wakeReader();
  }

  #resume(): void {
    if (this.#inflater?.isPaused() === true) this.#inflater.resume();
    if (this.#inflater?.writableNeedDrain !== true && this.#controller?.paused === true)
      this.#controller.resume();
  }

  #end(): void {
    if (this.#state === "failed") return;
    this.#state = "ended";
    this.#release();
    this.#wakeReader();
  }

  #fail(error: UpstreamIoError): void {
    if (this.#state === "draining" || this.#state === "ended" || this.#state === "failed") {
      clearTimeout(this.#drainTimer);
      return;
    }
    this.#state = "failed";
    this.#failure = error;
    // A caller who left reads nothing any more; a broken connection's last words may hold the end of the answer.
    if (error.kind === "aborted") this.#chunks = [];
    this.#release();
    this.#inflater?.destroy();
    this.#controller?.abort(error);
    this.#rejectResponse(error);
    this.#wakeReader();
  }

  #giveUpDraining(): void {
    clearTimeout(this.#drainTimer);
    if (this.#state !== "draining") return;
    this.#state = "ended";
    this.#controller?.abort(new UpstreamIoError("aborted", "the answer was whole", { sent: true }));
  }

  /** Lets go of the timers and the caller's signal. */
  #release(): void {
    clearTimeout(this.#drainTimer);
    this.#watch.stop();
    this.#options.signal.removeEventListener("abort", this.#onAbort);
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
