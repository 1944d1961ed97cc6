/** How long a call may take, in milliseconds. */
export interface CallTimers {
  /** From the request to the first token, whatever arrives that is no token. `Infinity` where nothing comes before all of it. */
  readonly firstTokenMs: number;
  /** Between two arrivals of bytes, after the first token. */
  readonly idleMs: number;
  /** From the request to the last byte. */
  readonly totalMs: number;
}

/** The timers of a call, and of its connection, which belongs to the client. */
export interface WatchTimers extends CallTimers {
  /** Until a connection takes the request. */
  readonly connectMs: number;
}

/** The timers that a call can run out of. */
export type CallTimeout = "connect_timeout" | "first_token_timeout" | "idle_timeout" | "total_timeout";

const longestTimerMs = 2 ** 31 - 1;

/**
 * Watches one call's time with a single timer, which looks at the clock when it fires: a token costs no timer.
 */
export class CallWatch {
  readonly #onTimeout: (timeout: CallTimeout) => void;
  readonly #totalAt: number;
  readonly #firstTokenAt: number;
  /** Infinity once a connection has taken the request. */
  #connectAt: number;
  #idleMs: number;
  #firstTokenSeen = false;
  /** Since when the upstream is silent although somebody waits for it. */
  #silentSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires. */
  #dueAt = Infinity;
  #secondLook: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(timers: WatchTimers, onTimeout: (timeout: CallTimeout) => void) {
    const now = performance.now();
    this.#onTimeout = onTimeout;
    this.#totalAt = now + timers.totalMs;
    this.#firstTokenAt = now + timers.firstTokenMs;
    this.#connectAt = now + timers.connectMs;
    this.#idleMs = timers.idleMs;
    this.#schedule(now);
  }

  /** A connection has taken the request. */
  connected(): void {
    this.#connectAt = Infinity;
  }

  /** The first token has come: from now on, the time between bytes counts. Nothing after `stop`. */
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

  /** Nothing but the end is expected any more: the silence before it is cut after `ms`. Nothing after `stop`. */
  expectEnd(ms: number): void {
    if (ms >= this.#idleMs) return;
    this.#idleMs = ms;
    this.#schedule(performance.now());
  }

  /** Ends the watch. A reader that is behind may still tell it of tokens. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  #clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#secondLook);
    this.#dueAt = Infinity;
  }

  /** A timer that fires too early looks again, so it is only made anew when it would fire too late. */
  #schedule(now: number): void {
    const dueAt = Math.min(this.#nextAt(now), this.#totalAt);
    if (this.#stopped || dueAt >= this.#dueAt) return;
    this.#clear();
    this.#dueAt = dueAt;
    const wait = Math.min(Math.max(Math.ceil(dueAt - now), 1), longestTimerMs);
    this.#timer = setTimeout(() => this.#fired(), wait);
  }

  #fired(): void {
    this.#dueAt = Infinity;
    this.#check(() => this.#lookAgain());
  }

  #nextAt(now: number): number {
    if (this.#firstTokenSeen) return (this.#silentSince ?? now) + this.#idleMs;
    return Math.min(this.#connectAt, this.#firstTokenAt);
  }

  #check(late: (timeout: CallTimeout) => void): void {
    const now = performance.now();
    if (now >= this.#totalAt) late("total_timeout");
    else if (now < this.#nextAt(now)) this.#schedule(now);
    else if (this.#firstTokenSeen) late("idle_timeout");
    else late(now >= this.#connectAt ? "connect_timeout" : "first_token_timeout");
  }

  /** After a pause of the whole process, timers fire before the bytes that came in time are read: those go first. */
  #lookAgain(): void {
    this.#secondLook = setImmediate(() => this.#check(this.#onTimeout));
  }
}
