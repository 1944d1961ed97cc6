import type {
  DescMessage,
  DescMethod,
  DescMethodStreaming,
  DescMethodUnary,
  MessageInitShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ContextValues,
  createContextValues,
  type Interceptor,
  type StreamResponse,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { writeContext } from "../context/call-context.js";
import { Guard, guardKey } from "../context/guard.js";
import { type HeaderInit, writeTimeoutMs } from "../context/headers.js";
import { SynodError } from "../errors/synod-error.js";
import { defaultMaxBytes } from "../limits.js";
import { errorAsOnWire } from "./as-on-wire.js";
import { type HandOver, handOverAsIs, handOverEncoded } from "./hand-over.js";
import { LocalStream } from "./local-stream.js";
import { type LocalMethod, mount } from "./mount.js";

/** Options of a local transport. */
export interface LocalTransportOptions {
  /** The middleware of the service: what `serviceInterceptors` returns. None when unset. */
  readonly interceptors?: readonly Interceptor[];
  /**
   * Whether messages are encoded and decoded on the way, as on a wire. For tests: it finds wrong types, and handlers that
   * change what they were given. False when unset.
   */
  readonly strict?: boolean;
  /** The largest request message, in bytes. 16 MiB when unset. Estimated unless `strict`. */
  readonly readMaxBytes?: number;
  /** The largest response message, in bytes. 16 MiB when unset. Estimated unless `strict`. */
  readonly writeMaxBytes?: number;
}

/**
 * Makes a transport that calls the implementations in this process directly. Nothing is encoded: caller and handler share
 * the messages, which neither may change. Headers, deadlines, cancellation and errors are as on a wire.
 *
 * Disposing it ends the calls that are still going on with `overloaded`.
 */
export function createLocalTransport(
  routes: (router: ConnectRouter) => void,
  options: LocalTransportOptions = {},
): Transport & AsyncDisposable {
  return new LocalTransport(mount(routes, options.interceptors ?? []), options);
}

class LocalTransport implements Transport, AsyncDisposable {
  readonly #methods: ReadonlyMap<DescMethod, LocalMethod>;
  readonly #handIn: HandOver;
  readonly #handOut: HandOver;
  readonly #open = new Set<Guard>();
  #closed = false;

  constructor(methods: ReadonlyMap<DescMethod, LocalMethod>, options: LocalTransportOptions) {
    const handOver = options.strict === true ? handOverEncoded : handOverAsIs;
    this.#methods = methods;
    this.#handIn = handOver(options.readMaxBytes ?? defaultMaxBytes);
    this.#handOut = handOver(options.writeMaxBytes ?? defaultMaxBytes);
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    desc: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    headers: HeaderInit | undefined,
    input: MessageInitShape<I>,
    values?: ContextValues,
  ): Promise<UnaryResponse<I, O>> {
    const guard = new Guard(signal, timeoutMs);
    try {
      const method = this.#admit(desc, guard);
      const message = this.#handIn(desc.input, input);
      const common = request(desc, method, guard, timeoutMs, headers, values);
      const response = await guarded(guard, method.call({ ...common, method: desc, stream: false, message }));
      if (response.stream) throw new ConnectError("a stream answered a unary call", Code.Internal);
      const { header, trailer } = response;
      const output = this.#handOut(desc.output, response.message as MessageInitShape<O>);
      return { stream: false, service: desc.parent, method: desc, header, trailer, message: output };
    } catch (error) {
      throw errorAsOnWire(error);
    } finally {
      this.#end(guard);
    }
  }

  async stream<I extends DescMessage, O extends DescMessage>(
    desc: DescMethodStreaming<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    headers: HeaderInit | undefined,
    input: AsyncIterable<MessageInitShape<I>>,
    values?: ContextValues,
  ): Promise<StreamResponse<I, O>> {
    const guard: Guard = new Guard(signal, timeoutMs, () => messages?.cleanUp());
    let messages: LocalStream<O> | undefined;
    try {
      const method = this.#admit(desc, guard);
      const common = request(desc, method, guard, timeoutMs, headers, values);
      const message = handAll(this.#handIn, desc.input, input);
      const response = await guarded(guard, method.call({ ...common, method: desc, stream: true, message }));
      if (!response.stream) throw new ConnectError("a unary call answered a stream", Code.Internal);
      const { header, trailer } = response;
      const handOut = (init: object) => this.#handOut(desc.output, init as MessageInitShape<O>);
      messages = new LocalStream(response.message, handOut, guard, () => this.#end(guard));
      await messages.open();
      return { stream: true, service: desc.parent, method: desc, header, trailer, message: messages };
    } catch (error) {
      this.#end(guard);
      throw errorAsOnWire(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const guard of this.#open) guard.fail(closed());
  }

  #admit(desc: DescMethod, guard: Guard): LocalMethod {
    if (this.#closed) guard.fail(closed());
    if (guard.failure !== undefined) throw guard.failure;
    const method = this.#methods.get(desc);
    if (method === undefined) {
      throw new ConnectError(`${desc.parent.typeName}.${desc.name} is not implemented`, Code.Unimplemented);
    }
    this.#open.add(guard);
    return method;
  }

  #end(guard: Guard): void {
    guard.end();
    this.#open.delete(guard);
  }
}

function request(
  desc: DescMethod,
  method: LocalMethod,
  guard: Guard,
  timeoutMs: number | undefined,
  headers: HeaderInit | undefined,
  values: ContextValues | undefined,
) {
  const header = new Headers(headers);
  writeContext(values, header);
  if (timeoutMs !== undefined) writeTimeoutMs(header, timeoutMs);
  return {
    service: desc.parent,
    requestMethod: "POST",
    url: method.url,
    signal: guard.signal,
    header,
    // The callee's own: what a caller notes for its interceptors must not cross, as it does not cross a wire.
    contextValues: createContextValues().set(guardKey, guard),
  };
}

/** Waits for what a handler does; no longer than the guard allows, which the middleware sees to where there is one. */
function guarded<T>(guard: Guard, response: Promise<T>): Promise<T> {
  return guard.adopted ? response : guard.race(response);
}

async function* handAll<D extends DescMessage>(
  handOver: HandOver,
  desc: D,
  messages: AsyncIterable<MessageInitShape<D>>,
) {
  for await (const message of messages) yield handOver(desc, message);
}

function closed(): SynodError {
  return new SynodError({ reason: "overloaded", message: "the service is stopping" });
}
