/** How long a call may take, in milliseconds. The connect timer belongs to the client. */
export interface CallTimers {
  /** From the request to the first token, whatever arrives that is no token. */
  readonly firstTokenMs: number;
  /** Between two arrivals of bytes, after the first token. */
  readonly idleMs: number;
  /** From the request to the last byte. */
  readonly totalMs: number;
}

/** The timers that a call can run out of. */
export type CallTimeout = "first_token_timeout" | "idle_timeout" | "total_timeout";

const longestTimerMs = 2 ** 31 - 1;

/**
 * Watches one call's time with a single timer, which looks at the clock when it fires: a token costs no timer.
 */
export class CallWatch {
  readonly #onTimeout: (timeout: CallTimeout) => void;
  readonly #totalAt: number;
  readonly #firstTokenAt: number;
  #idleMs: number;
  #firstTokenSeen = false;
  /** Since when the upstream is silent although somebody waits for it. */
  #silentSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #secondLook: NodeJS.Immediate | undefined;

  constructor(timers: CallTimers, onTimeout: (timeout: CallTimeout) => void) {
    const now = performance.now();
    this.#onTimeout = onTimeout;
    this.#totalAt = now + timers.totalMs;
    this.#firstTokenAt = now + timers.firstTokenMs;
    this.#idleMs = timers.idleMs;
    this.#schedule(now);
  }

  /** The first token has come: from now on, the time between bytes counts. */
  firstToken(): void {
    if (this.#firstTokenSeen) return;
    this.#firstTokenSeen = true;
    this.#schedule(performance.now());
  }

  /** Somebody waits for bytes. An upstream that we do not read from is not idle. */
  waiting(): void {
    this.#silentSince = performance.now();
  }

  /** Bytes have come. */
  alive(): void {
    this.#silentSince = undefined;
  }

  /** Nothing but the end is expected any more: the silence before it is cut after `ms`. */
  expectEnd(ms: number): void {
    if (ms >= this.#idleMs) return;
    this.#idleMs = ms;
    this.#schedule(performance.now());
  }

  /** Ends the watch. */
  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#secondLook);
    this.#timer = undefined;
    this.#secondLook = undefined;
  }

  #schedule(now: number): void {
    this.stop();
    const wait = Math.min(this.#nextAt(now), this.#totalAt) - now;
    const timer = (): void => this.#check(() => this.#lookAgain());
    this.#timer = setTimeout(timer, Math.min(Math.max(Math.ceil(wait), 1), longestTimerMs));
  }

  #nextAt(now: number): number {
    return this.#firstTokenSeen ? (this.#silentSince ?? now) + this.#idleMs : this.#firstTokenAt;
  }

  #check(late: (timeout: CallTimeout) => void): void {
    const now = performance.now();
    if (now >= this.#totalAt) late("total_timeout");
    else if (now < this.#nextAt(now)) this.#schedule(now);
    else late(this.#firstTokenSeen ? "idle_timeout" : "first_token_timeout");
  }

  /** After a pause of the whole process, timers fire before the bytes that came in time are read: those go first. */
  #lookAgain(): void {
    this.#secondLook = setImmediate(() => this.#check(this.#onTimeout));
  }
}
