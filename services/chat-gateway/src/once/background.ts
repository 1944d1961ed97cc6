/** Work that goes on whether or not its caller waits for it. */
export interface Background {
  /** Does it. Its signal fires when the process waits no longer. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Resolves when nothing goes on. */
  idle(): Promise<void>;
  /** Ends what goes on, and whatever is begun later. */
  end(): void;
}

/** @param reason Why it ends: the reason of the signal. */
export function createBackground(reason: unknown): Background {
  const ending = new AbortController();
  const going = new Set<Promise<unknown>>();
  return {
    run(work) {
      const done = work(ending.signal);
      const forget = (): void => void going.delete(done);
      going.add(done);
      done.then(forget, forget);
      return done;
    },
    async idle() {
      while (going.size > 0) await Promise.allSettled(going);
    },
    end: () => ending.abort(reason),
  };
}
