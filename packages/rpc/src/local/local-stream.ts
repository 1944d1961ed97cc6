import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Guard } from "../context/guard.js";
import { errorAsOnWire } from "./as-on-wire.js";

/** The response messages of a local call, pulled from the handler one by one. */
export class LocalStream<O extends DescMessage> implements AsyncIterableIterator<MessageShape<O>, undefined> {
  readonly #messages: AsyncIterator<object>;
  readonly #handOut: (message: object) => MessageShape<O>;
  readonly #guard: Guard;
  readonly #onEnd: () => void;
  #first: IteratorResult<MessageShape<O>, undefined> | undefined;
  #over = false;

  /** `onEnd` is called when no message will follow; at least once. */
  constructor(
    messages: AsyncIterable<object>,
    handOut: (message: object) => MessageShape<O>,
    guard: Guard,
    onEnd: () => void,
  ) {
    this.#messages = messages[Symbol.asyncIterator]();
    this.#handOut = handOut;
    this.#guard = guard;
    this.#onEnd = onEnd;
  }

  /** Waits for the first message: as on a wire, headers are complete only then. */
  async open(): Promise<void> {
    this.#first = await this.#pull();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<MessageShape<O>, undefined>> {
    const first = this.#first;
    if (first === undefined) return this.#over ? { done: true, value: undefined } : this.#pull();
    this.#first = undefined;
    return first;
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#first = undefined;
    this.cleanUp();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Runs the handler's `finally`: nobody else does when the caller leaves. */
  cleanUp(): void {
    if (this.#over) return;
    this.#end();
    // An error in there has no reader any more; the middleware logs it.
    this.#messages.return?.().then(undefined, ignoreLate);
  }

  async #pull(): Promise<IteratorResult<MessageShape<O>, undefined>> {
    try {
      const next = this.#messages.next();
      const result = await (this.#guard.adopted ? next : this.#guard.race(next));
      if (result.done !== true) return { done: false, value: this.#handOut(result.value) };
      this.#end();
      return { done: true, value: undefined };
    } catch (error) {
      this.cleanUp();
      throw errorAsOnWire(error);
    }
  }

  #end(): void {
    this.#over = true;
    this.#onEnd();
  }
}

function ignoreLate(): void {}
