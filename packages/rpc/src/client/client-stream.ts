import type { DescMessage, DescMethodStreaming, MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions, StreamResponse, Transport } from "@connectrpc/connect";
import { fromDownstream } from "../errors/downstream.js";
import { SynodError } from "../errors/synod-error.js";
import { timeLeft } from "./time-left.js";

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The messages of one streaming call. The call starts with the first `next()`; `return()` and `throw()`, which `for await`
 * calls when it is left early, cancel it.
 */
export class ClientStream implements AsyncIterableIterator<object, undefined> {
  readonly #controller = new AbortController();
  readonly #open: () => Promise<StreamResponse>;
  readonly #call: CallOptions;
  #response: StreamResponse | undefined;
  #messages: AsyncIterator<object> | undefined;
  #over = false;

  constructor(
    transport: Transport,
    method: DescMethodStreaming<DescMessage, DescMessage>,
    input: AsyncIterable<MessageInitShape<DescMessage>>,
    call: CallOptions,
    defaultTimeoutMs: number,
  ) {
    this.#call = call;
    this.#open = () =>
      transport.stream(
        method,
        this.#controller.signal,
        timeLeft(call.timeoutMs ?? defaultTimeoutMs),
        call.headers,
        input,
        call.contextValues,
      );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<object, undefined>> {
    if (this.#over) return done;
    try {
      this.#messages ??= await this.#start();
      const result = await this.#messages.next();
      if (result.done !== true) return result;
      this.#end();
      if (this.#response !== undefined) this.#call.onTrailer?.(this.#response.trailer);
      return done;
    } catch (error) {
      this.#end();
      throw fromDownstream(error);
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#cancel();
    return Promise.resolve(done);
  }

  throw(error?: unknown): Promise<never> {
    this.#cancel();
    return Promise.reject(error);
  }

  async #start(): Promise<AsyncIterator<object>> {
    const { signal } = this.#call;
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort);
    this.#response = await this.#open();
    this.#call.onHeader?.(this.#response.header);
    return this.#response.message[Symbol.asyncIterator]();
  }

  #cancel(): void {
    if (this.#over) return;
    this.#end();
    this.#controller.abort(new SynodError({ reason: "canceled", message: "the reader left the stream" }));
  }

  #end(): void {
    this.#over = true;
    this.#call.signal?.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#call.signal?.reason);
}
