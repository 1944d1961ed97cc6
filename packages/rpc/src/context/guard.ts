import { setMaxListeners } from "node:events";
import { Code, ConnectError, createContextKey } from "@connectrpc/connect";
import { longestTimeoutMs } from "../limits.js";
import { SynodError } from "../errors/synod-error.js";

/**
 * Ends a call in time, even when what it waits for is deaf to its signal.
 *
 * It fails when the parent signal fires or the timeout passes, whichever comes first; then its own signal fires, with the
 * failure as the reason, and whatever races against it loses. Caller and handler in one process share one: the
 * transport makes it, and the middleware adopts it.
 */
export class Guard {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal | undefined;
  readonly #onFailure: ((error: SynodError) => void) | undefined;
  #deadlineMs: number;
  #slackMs: number;
  #adoptedBy: ((error: SynodError) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reject: ((error: SynodError) => void) | undefined;
  #failure: SynodError | undefined;
  #over = false;

  /**
   * `timeoutMs` is unlimited when unset. `onFailure` is called once, unless the call ended before; never within the
   * constructor.
   */
  constructor(
    parent: AbortSignal | undefined,
    timeoutMs: number | undefined,
    onFailure?: (error: SynodError) => void,
  ) {
    this.#parent = parent;
    // A fan-out of many calls listens to one signal; Node would warn of a leak at eleven.
    setMaxListeners(0, this.#controller.signal);
    this.#deadlineMs = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
    this.#slackMs = slackOf(timeoutMs ?? 0);
    if (parent?.aborted === true) this.fail(this.#explain(parent));
    // Less than a timer can wait for: it would be over before anything could be done with it.
    else if (timeoutMs !== undefined && timeoutMs < 1) this.fail(deadlineExceeded());
    else {
      parent?.addEventListener("abort", this.#onParent);
      if (timeoutMs !== undefined) {
        this.#timer = setTimeout(this.#onTimeout, Math.min(timeoutMs, longestTimeoutMs));
      }
    }
    this.#onFailure = onFailure;
  }

  /**
   * Lets the middleware carry on with this guard, for at most `timeoutMs` from now: it races against it and ends it, and
   * nobody else races. `onFailure` is called before the one of the constructor.
   */
  adopt(timeoutMs: number, onFailure: (error: SynodError) => void): this {
    this.#adoptedBy = onFailure;
    if (!this.#over && performance.now() + timeoutMs < this.#deadlineMs) this.#limit(timeoutMs);
    return this;
  }

  /** Whether the middleware carries on with it. */
  get adopted(): boolean {
    return this.#adoptedBy !== undefined;
  }

  /** Fires when the guard fails, and after the end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why it failed. Undefined while it did not. */
  get failure(): SynodError | undefined {
    return this.#failure;
  }

  /** When it fails at the latest, on the clock of `performance.now()`. `Infinity` without a timeout. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /**
   * Waits for something, but no longer than the guard allows. One at a time; of two, one within what the other waits for,
   * the inner one hears of a failure first. `late` gets what is thrown when nobody waits any more.
   */
  race<T>(promise: Promise<T>, late?: (thrown: unknown) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#failure === undefined) this.#reject = reject;
      else reject(this.#failure);
      promise.then(resolve, (thrown: unknown) => {
        if (this.#failure !== undefined) late?.(thrown);
        reject(thrown); // nothing happens where the failure came first
      });
    });
  }

  /** Makes it fail now. */
  fail(error: SynodError): void {
    if (this.#over) return;
    this.#failure = error;
    this.#release();
    this.#controller.abort(error);
    this.#adoptedBy?.(error);
    this.#onFailure?.(error);
    this.#reject?.(error);
  }

  /** The call ended by itself. The signal fires, so that nothing that was begun for the call outlives it. */
  end(): void {
    if (this.#over) return;
    this.#release();
    this.#controller.abort(callIsOver);
  }

  #limit(timeoutMs: number): void {
    clearTimeout(this.#timer);
    this.#deadlineMs = performance.now() + timeoutMs;
    this.#slackMs = slackOf(timeoutMs);
    this.#timer = setTimeout(this.#onTimeout, Math.min(timeoutMs, longestTimeoutMs));
  }

  #release(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParent);
  }

  readonly #onParent = (): void => {
    if (this.#parent !== undefined) this.fail(this.#explain(this.#parent));
  };

  readonly #onTimeout = (): void => this.fail(deadlineExceeded());

  // What a signal gives as its reason differs by transport, so the clock decides. A caller whose time is over goes away, and
  // its clock started before this one.
  #explain(parent: AbortSignal): SynodError {
    const reason: unknown = parent.reason;
    if (reason instanceof SynodError) return reason;
    const timedOut = reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
    if (timedOut || performance.now() >= this.#deadlineMs - this.#slackMs) return deadlineExceeded();
    return new SynodError({ reason: "canceled", message: "the call was canceled" });
  }
}

/** Where a transport within this process leaves the guard of a call for the middleware to adopt. */
export const guardKey = createContextKey<Guard | undefined>(undefined, { description: "synod guard" });

// One for all: a reason made per call would cost a stack trace each.
const callIsOver = "the call is over";

const slackOf = (timeoutMs: number): number => Math.min(50, timeoutMs / 2);

function deadlineExceeded(): SynodError {
  return new SynodError({ reason: "deadline_exceeded", message: "the deadline passed" });
}
