import type { StoreEvents } from "./events.js";
import type { ProcessLease } from "./process/process-lease.js";
import { canPass } from "./storage-error.js";

/** The most results that wait. */
const maxWaiting = 10_000;

interface Task {
  readonly what: string;
  readonly work: () => Promise<void>;
}

/**
 * Stores what an answer has come to, such as its cost. Nobody waits for that but the database, so when it fails, it is
 * tried again with every beat until it works. Each task is written so that doing it twice does no harm.
 */
export class Later {
  readonly #waiting: Task[] = [];
  readonly #events: StoreEvents;

  constructor(lease: Pick<ProcessLease, "onBeat">, events: StoreEvents) {
    this.#events = events;
    lease.onBeat(() => this.#tryAgain());
  }

  /** Does it now, or later. `what` names it in the log. Resolves when it is done or put off; throws nothing. */
  async do(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (canPass(error) && this.#waiting.length < maxWaiting) this.#waiting.push({ what, work });
      else this.#events.taskLost(what, error);
    }
  }

  /** Tries what is left once more. What fails again is lost. */
  async end(): Promise<void> {
    for (const { what, work } of this.#waiting.splice(0)) {
      try {
        await work();
      } catch (error) {
        this.#events.taskLost(what, error);
      }
    }
  }

  async #tryAgain(): Promise<void> {
    for (let left = this.#waiting.length; left > 0; left--) {
      const [task] = this.#waiting;
      if (task === undefined) return;
      try {
        await task.work();
      } catch (error) {
        if (canPass(error)) return; // the others would fail too
        this.#events.taskLost(task.what, error);
      }
      this.#waiting.shift();
    }
  }
}
