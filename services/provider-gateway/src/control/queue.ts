import { callerLeft, ProviderFailure } from "../providers/provider-error.js";

/** How a wait in a queue ends, if the caller does not leave. */
export type WaitEnd<Grant> =
  | { readonly kind: "served"; readonly grant: Grant }
  /** The time is up. */
  | { readonly kind: "late" }
  /** It would wait in vain here, and is to look around again. */
  | { readonly kind: "sent_away" };

/** How long somebody waits at most. */
export interface Patience {
  /** Fires when the caller leaves. */
  readonly signal: AbortSignal;
  /** Milliseconds until the deadline. */
  leftMs(): number;
}

/** How long somebody waits who wants so much, after so many others who want so much together, in milliseconds. */
export type WaitOf = (wanted: number, othersBefore: number, wantedBefore: number) => number;

interface Waiting<Grant> {
  readonly wanted: number;
  readonly leftMs: () => number;
  readonly end: (end: WaitEnd<Grant>) => void;
}

/** What a timer can wait for. */
const longestTimerMs = 2 ** 31 - 1;

/** Those who wait for the same thing, first come, first served. Whoever is served has left in the same turn. */
export class Queue<Grant> {
  /** By number: the first of a long Map or Set is found by walking over all that left it. */
  readonly #waiting = new Map<number, Waiting<Grant>>();
  #firstNumber = 0;
  #nextNumber = 0;
  #wanted = 0;

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** How much all who wait want together. */
  get wanted(): number {
    return this.#wanted;
  }

  /** How much the first one wants; undefined when nobody waits. */
  get firstWants(): number | undefined {
    return this.#first()?.wanted;
  }

  /**
   * Waits at the end of the queue for so much.
   *
   * @throws ProviderFailure `canceled` when the caller leaves.
   */
  wait(wanted: number, { signal, leftMs }: Patience): Promise<WaitEnd<Grant>> {
    if (signal.aborted) throw new ProviderFailure(callerLeft());
    return new Promise((resolve, reject) => {
      const number = this.#nextNumber++;
      const ending = <Told>(tell: (told: Told) => void) => {
        return (told: Told): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          this.#waiting.delete(number);
          this.#wanted -= wanted;
          tell(told);
        };
      };
      const end = ending(resolve);
      const onAbort = ending(() => reject(new ProviderFailure(callerLeft())));
      const timer = setTimeout(() => end({ kind: "late" }), Math.min(Math.ceil(leftMs()), longestTimerMs));
      signal.addEventListener("abort", onAbort);
      this.#waiting.set(number, { wanted, leftMs, end });
      this.#wanted += wanted;
    });
  }

  /** Gives the first one what he waits for. Nothing when nobody waits. */
  serve(grant: Grant): void {
    this.#first()?.end({ kind: "served", grant });
  }

  /** Sends everybody away. */
  sendAway(): void {
    this.sendAwayLate(() => Infinity);
  }

  /** Sends those away whose wait is now longer than the time that they have. */
  sendAwayLate(waitOf: WaitOf): void {
    let [others, wantedBefore] = [0, 0];
    for (const { wanted, leftMs, end } of [...this.#waiting.values()]) {
      if (waitOf(wanted, others, wantedBefore) >= leftMs()) {
        end({ kind: "sent_away" });
        continue;
      }
      others += 1;
      wantedBefore += wanted;
    }
  }

  #first(): Waiting<Grant> | undefined {
    for (; this.#firstNumber < this.#nextNumber; this.#firstNumber++) {
      const waiting = this.#waiting.get(this.#firstNumber);
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  }
}
