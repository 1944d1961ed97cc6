import type { Clock } from "../clock.js";
import type { Background } from "./background.js";
import type { Told } from "./told.js";

/** How long an attempt goes on after its last caller has left, in milliseconds: clients ask again after half a second. */
const lingerMs = 800;

/** Requests without an idempotency key that may be sent again by a client whose connection broke. */
export interface Attempts {
  /**
   * Carries out a request that others may join while it goes on. When all of them have left, it is given up a moment
   * later.
   *
   * @param name The same for the same request of the same caller.
   * @param left Fires when its caller leaves.
   * @param work Carries it out. It must not reject.
   */
  begin<T extends Told>(
    name: string,
    left: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** What the attempt came to that goes on under this name; undefined when there is none. */
  join(name: string, left: AbortSignal): Promise<Told> | undefined;
}

/** What it needs. */
export interface AttemptsDeps {
  readonly clock: Pick<Clock, "after">;
  readonly background: Background;
}

/** An attempt while it goes on. */
interface Attempt {
  readonly told: Promise<Told>;
  /** Keeps it going until the signal fires. */
  watch(left: AbortSignal): void;
}

/** Does something until it is stopped, by the end of the process too. */
async function untilEither<T>(
  ending: AbortSignal,
  stop: AbortController,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = (): void => stop.abort(ending.reason);
  if (ending.aborted) end();
  ending.addEventListener("abort", end, { once: true });
  try {
    return await work(stop.signal);
  } finally {
    ending.removeEventListener("abort", end);
  }
}

/** Makes the attempts of this process. */
export function createAttempts({ clock, background }: AttemptsDeps): Attempts {
  const going = new Map<string, Attempt>();

  return {
    begin(name, left, work) {
      const stop = new AbortController();
      let watchers = 0;
      let stopTimer = (): void => undefined;
      const abandon = (): void => {
        forget();
        stop.abort();
      };
      const watch = (signal: AbortSignal): void => {
        watchers += 1;
        stopTimer();
        const leave = (): void => {
          watchers -= 1;
          if (watchers === 0) stopTimer = clock.after(lingerMs, abandon);
        };
        if (signal.aborted) leave();
        else signal.addEventListener("abort", leave, { once: true });
      };
      const told = background.run((ending) => untilEither(ending, stop, work));
      const attempt = { told, watch };
      const forget = (): void => {
        stopTimer();
        watchers = Infinity;
        if (going.get(name) === attempt) going.delete(name);
      };
      going.set(name, attempt);
      watch(left);
      told.then(forget, forget);
      return told;
    },
    join(name, left) {
      const attempt = going.get(name);
      attempt?.watch(left);
      return attempt?.told;
    },
  };
}
