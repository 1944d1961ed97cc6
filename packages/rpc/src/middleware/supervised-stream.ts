import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { Guard } from "../context/guard.js";
import { Pacer } from "./pacer.js";

type Result = IteratorResult<Message, undefined>;
const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Where a stream tells how it ended. */
interface StreamEnd {
  /** It ended, well when `thrown` is undefined. The first call counts. */
  settle(thrown?: unknown): void;
  /** What the caller is told of what was thrown. */
  tell(thrown: unknown): ConnectError;
  /** The handler's clean-up failed after the end, when nobody listened any more. */
  late(thrown: unknown): void;
}

/** A handler's response messages, under a deadline, paced, and with an end that is told. One wrapper for all of it: each costs time per message. */
export class SupervisedStream implements AsyncIterableIterator<Message, undefined> {
  readonly #messages: AsyncIterator<Message>;
  readonly #guard: Guard;
  readonly #end: StreamEnd;
  readonly #pacer = new Pacer();
  #over = false;

  constructor(messages: AsyncIterable<Message>, guard: Guard, end: StreamEnd) {
    this.#messages = messages[Symbol.asyncIterator]();
    this.#guard = guard;
    this.#end = end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Result> {
    if (this.#pacer.mustWait) await this.#pacer.wait();
    if (this.#guard.failure !== undefined) throw this.#end.tell(this.#guard.failure);
    if (this.#over) return done;
    try {
      const result = await this.#guard.race(this.#messages.next(), this.#late);
      if (result.done !== true) {
        this.#pacer.spend();
        return result;
      }
      this.#over = true;
      this.#guard.end();
      this.#end.settle();
      return done;
    } catch (thrown) {
      this.leave(thrown);
      throw this.#end.tell(thrown);
    }
  }

  return(): Promise<Result> {
    if (!this.#over) this.leave(new DOMException("the reader left", "AbortError"));
    return Promise.resolve(done);
  }

  /** Ends it early: the handler's signal fires, and its `finally` runs as soon as it is where it can. */
  leave(thrown: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#guard.end();
    this.#end.settle(thrown);
    this.#messages.return?.().then(undefined, this.#late);
  }

  readonly #late = (thrown: unknown): void => this.#end.late(thrown);
}
