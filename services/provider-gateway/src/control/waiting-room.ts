import { callerLeft, ProviderFailure } from "../providers/provider-error.js";

/** Gives a place back. Doing so twice does nothing. */
export type Release = () => void;

/** What a waiting room is made of. */
export interface WaitingRoomOptions {
  /** Calls at once; unlimited when unset. */
  readonly most?: number;
  /** How many may wait; those beyond are refused. */
  readonly mostWaiting: number;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Whose room it is, for messages. */
  readonly what: string;
}

/** How much the newest call counts in the average of how long a place is held. */
const newestShare = 0.1;
/** So many must have ended before anybody is refused for what the average says. */
const enoughSeen = 16;

/** Bounds how many calls run at once, and how many wait. First come, first served. */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #most: number;
  /** Who waits for a place, by number: the first of a long Map or Set is found by walking over all that left it. */
  readonly #queue = new Map<number, () => void>();
  #firstNumber = 0;
  #nextNumber = 0;
  #running = 0;
  #parked = 0;
  #ended = 0;
  #averageMs = 0;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
    this.#most = options.most ?? Infinity;
  }

  /** Calls that run. */
  get running(): number {
    return this.#running;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#queue.size + this.#parked;
  }

  /**
   * Takes a place, waiting for one at most `waitMs`.
   *
   * @throws ProviderFailure `overloaded` when too many wait, when the wait would be longer than that by what was seen so
   *   far, or when it was; its `retryAfterMs` is that wait, 1 to 60 whole seconds. `canceled` when the caller leaves.
   */
  async take(signal: AbortSignal, waitMs: number): Promise<Release> {
    if (signal.aborted) throw new ProviderFailure(callerLeft());
    if (this.#running < this.#most) this.#running += 1;
    else await this.#wait(signal, waitMs);
    return this.#place();
  }

  /**
   * Waits for time to pass, counted among those who wait.
   *
   * @throws ProviderFailure as `take`.
   */
  async park(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new ProviderFailure(callerLeft());
    if (this.waiting >= this.#options.mostWaiting) throw this.#overloaded();
    await stay(ms, signal, () => {
      this.#parked += 1;
      return () => {
        this.#parked -= 1;
      };
    });
  }

  #place(): Release {
    const since = this.#options.now();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#learn(this.#options.now() - since);
      // The place goes from hand to hand, so that no newcomer takes it.
      const grant = this.#firstInQueue();
      if (grant === undefined) this.#running -= 1;
      else grant();
    };
  }

  #firstInQueue(): (() => void) | undefined {
    while (this.#firstNumber < this.#nextNumber) {
      const grant = this.#queue.get(this.#firstNumber);
      this.#firstNumber += 1;
      if (grant !== undefined) return grant;
    }
    return undefined;
  }

  async #wait(signal: AbortSignal, waitMs: number): Promise<void> {
    if (this.waiting >= this.#options.mostWaiting || this.#expectedMs() > waitMs) throw this.#overloaded();
    const end = await stay(waitMs, signal, (grant) => {
      const number = this.#nextNumber++;
      this.#queue.set(number, grant);
      return () => this.#queue.delete(number);
    });
    if (end === "late") throw this.#overloaded();
  }

  #learn(heldMs: number): void {
    this.#ended += 1;
    const share = Math.max(newestShare, 1 / this.#ended);
    this.#averageMs += share * (heldMs - this.#averageMs);
  }

  /** How long a newcomer would wait; 0 while too little was seen. */
  #expectedMs(): number {
    if (this.#ended < enoughSeen) return 0;
    return (this.#averageMs * (this.#queue.size + 1)) / this.#most;
  }

  #overloaded(): ProviderFailure {
    const seconds = Math.ceil(Math.min(Math.max(this.#expectedMs(), 1_000), 60_000) / 1_000);
    return new ProviderFailure({
      reason: "overloaded",
      message: `${this.#options.what} is asked as often at once as its settings allow, and ${this.waiting} calls wait already`,
      retryable: true,
      retryAfterMs: seconds * 1_000,
      failOver: "any",
      repeats: 0,
      blames: "nobody",
    });
  }
}

/** What a timer can wait for. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits until it is granted, until the time is up, or until the caller leaves.
 *
 * @param enter is told how to grant, and says what to do at the end, whichever it is: in the same turn, so that nobody
 *   is granted what he no longer waits for.
 * @throws ProviderFailure `canceled`.
 */
function stay(
  ms: number,
  signal: AbortSignal,
  enter: (grant: () => void) => () => void,
): Promise<"granted" | "late"> {
  return new Promise((resolve, reject) => {
    const ending = (tell: () => void) => (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      leave();
      tell();
    };
    const onAbort = ending(() => reject(new ProviderFailure(callerLeft())));
    const onTime = ending(() => resolve("late"));
    const leave = enter(ending(() => resolve("granted")));
    const timer = setTimeout(onTime, Math.min(Math.ceil(ms), longestTimerMs));
    signal.addEventListener("abort", onAbort);
  });
}
