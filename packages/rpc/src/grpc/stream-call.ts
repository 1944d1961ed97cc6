import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type StreamRequest, type StreamResponse } from "@connectrpc/connect";
import type { Client, ClientDuplexStream, ClientReadableStream, StatusObject } from "@grpc/grpc-js";
import { toHeaders, toMetadata } from "./metadata.js";
import type { GrpcMethod, OpenCalls } from "./method.js";
import { statusError } from "./status.js";

/** Makes one streaming call on a channel. While it goes on, the call is in `open`. Resolves with the response's headers. */
export async function callStream<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: GrpcMethod<I, O>,
  req: StreamRequest<I, O>,
  open: OpenCalls,
): Promise<StreamResponse<I, O>> {
  const metadata = toMetadata(req.header);
  const { path, serialize, deserialize } = method;
  let messages: GrpcMessages<O>;
  if (req.method.methodKind === "server_streaming") {
    const input = await single(req.message);
    const call = client.makeServerStreamRequest(path, serialize, deserialize, input, metadata);
    messages = new GrpcMessages(call, req.signal, open);
  } else {
    const call = client.makeBidiStreamRequest(path, serialize, deserialize, metadata);
    messages = new GrpcMessages(call, req.signal, open);
    send(call, req.message, req.signal);
  }
  const header = await messages.header;
  const { trailer } = messages;
  return { stream: true, service: req.service, method: req.method, header, trailer, message: messages };
}

/** The response messages of a call. Nothing is read ahead of its reader but what the flow control lets through. */
class GrpcMessages<O extends DescMessage> implements AsyncIterableIterator<MessageShape<O>, undefined> {
  readonly header: Promise<Headers>;
  readonly trailer = new Headers();
  readonly #call: ClientReadableStream<MessageShape<O>>;
  #received = new Headers();
  #status: StatusObject | undefined;
  #wake: (() => void) | undefined;

  constructor(call: ClientReadableStream<MessageShape<O>>, signal: AbortSignal, open: OpenCalls) {
    this.#call = call;
    open.add(call);
    // `destroy()` would not cancel the call.
    const cancel = () => call.cancel();
    signal.addEventListener("abort", cancel);
    // The end is taken from "status", which comes for every call; without a listener the event would be thrown.
    call.on("error", () => undefined);
    call.on("readable", this.#onChange);
    this.header = new Promise((resolve) => {
      call.on("metadata", (metadata) => {
        this.#received = toHeaders(metadata);
        resolve(this.#received);
      });
      call.on("status", (status) => {
        open.delete(call);
        // The signal also fires after a normal end.
        signal.removeEventListener("abort", cancel);
        this.#status = status;
        toHeaders(status.metadata).forEach((value, key) => this.trailer.append(key, value));
        resolve(this.#received);
        this.#onChange();
      });
    });
    if (signal.aborted) cancel();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<MessageShape<O>, undefined>> {
    for (;;) {
      const value: MessageShape<O> | null = this.#call.read();
      if (value !== null) return { done: false, value };
      if (this.#status?.code === 0) return { done: true, value: undefined };
      if (this.#status !== undefined) throw statusError(this.#status, this.#received, this.trailer);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#call.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #onChange = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };
}

/** Sends the request messages, no faster than they leave. */
async function send<I>(
  call: ClientDuplexStream<I, unknown>,
  messages: AsyncIterable<I>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const message of messages) {
      if (signal.aborted) return;
      if (!call.write(message)) await writable(call, signal);
    }
    call.end();
  } catch {
    // The request cannot be finished, so neither can the call: its reader gets the status.
    call.cancel();
  }
}

function writable(call: ClientDuplexStream<never, unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      call.off("drain", go);
      call.off("close", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    call.on("drain", go);
    call.on("close", go);
    signal.addEventListener("abort", go);
  });
}

async function single<T>(messages: AsyncIterable<T>): Promise<T> {
  for await (const message of messages) return message;
  throw new ConnectError("no request message", Code.Internal);
}
