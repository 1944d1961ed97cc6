/** A controller that another signal aborts too, until it is let go. */
export interface LinkedController {
  readonly signal: AbortSignal;
  abort(): void;
  /** Forgets the other signal, which may live much longer. */
  letGo(): void;
}

/** Makes a controller that `signal` aborts too. */
export function linkedController(signal: AbortSignal | undefined): LinkedController {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) follow();
  signal?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    letGo: () => signal?.removeEventListener("abort", follow),
  };
}

/**
 * Items that a producer yields. Leaving the loop early aborts the producer's signal, even while an item is awaited: a
 * generator alone would wait for that item first.
 */
export function leavable<T>(
  produce: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<T, undefined> {
  const leaving = linkedController(signal);
  const items = produce(leaving.signal);
  let left = false;
  const leave = async (): Promise<IteratorReturnResult<undefined>> => {
    left = true;
    leaving.abort();
    leaving.letGo();
    await items.return();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      try {
        const item = await items.next();
        if (item.done !== true) return item;
      } catch (error) {
        leaving.letGo();
        // Whoever left wants no answer any more.
        if (!left) throw error;
      }
      leaving.letGo();
      return { done: true, value: undefined };
    },
    return: leave,
    async throw(error: unknown) {
      await leave();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
