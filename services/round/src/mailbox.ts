/**
 * A list that one side fills as things happen and the other reads when it can.
 *
 * Filling never waits, so that a decision is not held up by a slow reader; what it holds is bounded by who fills it.
 */
export class Mailbox<T> {
  readonly #items: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Adds an item. Nothing happens after the end. */
  push(item: T): void {
    if (this.#end !== undefined) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** What was added last, if nobody has read it yet. */
  get last(): T | undefined {
    return this.#items.at(-1);
  }

  /** Says that no more comes. What is in is still read. */
  close(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Makes reading throw at once; what is in is dropped. Nothing happens after the end. */
  fail(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#items.length = 0;
    this.#wake?.();
  }

  /** Reads until the end. For one reader. */
  async *read(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
