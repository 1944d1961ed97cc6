import { callerLeft, ProviderFailure } from "../providers/provider-error.js";
import { Queue } from "./queue.js";
import { overloaded, type Visitor } from "./waiting-room.js";

/** Gives back what was taken. Doing so twice does nothing. */
export type Release = () => void;

/** What places are made of. */
export interface PlacesOptions {
  /** Calls at once; unlimited when unset. */
  readonly most?: number;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Whose places they are, for messages. */
  readonly what: string;
}

/** How much the newest call counts in the average of how long a place is held. */
const newestShare = 0.1;
/** So many must have ended before anybody is refused for what the average says. */
const enoughSeen = 16;

/** Bounds how many calls run at once. First come, first served. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #most: number;
  readonly #queue = new Queue<undefined>();
  #running = 0;
  #ended = 0;
  #averageMs = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.#most = options.most ?? Infinity;
  }

  /** Calls that run. */
  get running(): number {
    return this.#running;
  }

  /**
   * Takes a place, and waits for one if need be.
   *
   * @throws ProviderFailure `overloaded` when too many wait, when the wait would be longer than the time left by what was
   *   seen so far, or when it was. `canceled` when the caller leaves.
   */
  async take(visitor: Visitor): Promise<Release> {
    if (visitor.signal.aborted) throw new ProviderFailure(callerLeft());
    if (this.#running < this.#most) this.#running += 1;
    else await this.#wait(visitor);
    return this.#place();
  }

  #place(): Release {
    const since = this.#options.now();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#learn(this.#options.now() - since);
      // The place goes from hand to hand, so that no newcomer takes it.
      if (this.#queue.size === 0) this.#running -= 1;
      else this.#queue.serve(undefined);
    };
  }

  async #wait(visitor: Visitor): Promise<void> {
    const expectedMs = this.#expectedMs();
    if (expectedMs > visitor.leftMs()) throw this.#tooLate();
    visitor.sit(expectedMs);
    const { kind } = await this.#queue.wait(1, visitor);
    if (kind !== "served") throw this.#tooLate();
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

  #tooLate(): ProviderFailure {
    const { what } = this.#options;
    const message = `${what} is asked as often at once as its settings allow, and ${this.#queue.size} calls wait already`;
    return overloaded(message, this.#expectedMs());
  }
}
