import type { NodeResponse } from "./node-handler.js";

/** Counts the requests that are being answered. */
export class InFlight {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  /** Counts a request until its response is closed. */
  add(response: NodeResponse): void {
    this.#count += 1;
    response.once("close", () => {
      this.#count -= 1;
      if (this.#count > 0) return;
      for (const go of this.#waiting) go();
      this.#waiting.clear();
    });
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when there is none. */
  none(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.add(resolve));
  }
}
