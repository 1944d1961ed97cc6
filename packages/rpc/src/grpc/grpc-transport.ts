import type {
  DescMessage,
  DescMethod,
  DescMethodStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type Interceptor,
  type StreamResponse,
  type Transport,
  type UnaryResponse,
} from "@connectrpc/connect";
import { Client, credentials } from "@grpc/grpc-js";
import { defaultTimeoutMs } from "../client/service-client.js";
import { runStreamingCall, runUnaryCall } from "../connect-internals.js";
import { forwardContext } from "../context/forward.js";
import { type HeaderInit, writeGrpcTimeout } from "../context/headers.js";
import { longestTimeoutMs } from "../limits.js";
import { channelOptions, type GrpcTuning } from "./channel-options.js";
import { type GrpcMethod, grpcMethod, type OpenCalls } from "./method.js";
import { callStream } from "./stream-call.js";
import { callUnary } from "./unary-call.js";

/** Options of a gRPC transport. */
export interface GrpcTransportOptions {
  /**
   * Where the service is, as gRPC names it: `dns:///round:7002` for all addresses of a name, `127.0.0.1:7002`, or
   * `ipv4:127.0.0.1:7002,127.0.0.1:7012` for several.
   */
  readonly target: string;
  /** The services behind the target. What may be repeated is read from their methods. */
  readonly services: readonly DescService[];
  /** The secret between the services, sent with every call. None when unset. */
  readonly token?: string | undefined;
  /** How long a call may take that has no deadline, in milliseconds. 300,000 when unset. */
  readonly defaultTimeoutMs?: number;
  /** Fine settings. */
  readonly tuning?: GrpcTuning;
}

/**
 * Makes a transport over a gRPC channel without TLS: name resolution, round robin over all addresses, keepalive, and
 * repetition of calls that have no side effect. It connects with the first call.
 *
 * Disposing it cancels the calls that are still going on.
 */
export function createGrpcTransport(options: GrpcTransportOptions): Transport & AsyncDisposable {
  return new GrpcTransport(options);
}

class GrpcTransport implements Transport, AsyncDisposable {
  readonly #client: Client;
  readonly #interceptors: Interceptor[];
  readonly #defaultTimeoutMs: number;
  readonly #methods = new Map<DescMethod, GrpcMethod<DescMessage, DescMessage>>();
  readonly #open: OpenCalls = new Set();

  constructor(options: GrpcTransportOptions) {
    const settings = channelOptions(options.services, options.tuning ?? {});
    this.#client = new Client(options.target, credentials.createInsecure(), settings);
    this.#interceptors = [forwardContext(options.token)];
    this.#defaultTimeoutMs = options.defaultTimeoutMs ?? defaultTimeoutMs;
  }

  unary<I extends DescMessage, O extends DescMessage>(
    desc: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    headers: HeaderInit | undefined,
    message: MessageInitShape<I>,
    values?: ContextValues,
  ): Promise<UnaryResponse<I, O>> {
    const method = this.#method(desc);
    const { time, common } = this.#prepare(desc, method.path, timeoutMs, headers, values);
    return runUnaryCall<I, O>({
      ...time,
      ...(signal === undefined ? {} : { signal }),
      interceptors: this.#interceptors,
      req: { ...common, stream: false, method: desc, message },
      next: async (req) => {
        refuseLate(req.signal);
        return await callUnary(this.#client, method, req, this.#open);
      },
    });
  }

  stream<I extends DescMessage, O extends DescMessage>(
    desc: DescMethodStreaming<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    headers: HeaderInit | undefined,
    message: AsyncIterable<MessageInitShape<I>>,
    values?: ContextValues,
  ): Promise<StreamResponse<I, O>> {
    const method = this.#method(desc);
    const { time, common } = this.#prepare(desc, method.path, timeoutMs, headers, values);
    return runStreamingCall<I, O>({
      ...time,
      ...(signal === undefined ? {} : { signal }),
      interceptors: this.#interceptors,
      req: { ...common, stream: true, method: desc, message },
      next: async (req) => {
        refuseLate(req.signal);
        return await callStream(this.#client, method, req, this.#open);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const call of this.#open) call.cancel();
    this.#client.close();
    // Its connections are closed in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #prepare(
    desc: DescMethod,
    path: string,
    timeoutMs: number | undefined,
    headers: HeaderInit | undefined,
    values: ContextValues | undefined,
  ) {
    const time = { timeoutMs: Math.min(timeoutMs ?? this.#defaultTimeoutMs, longestTimeoutMs) };
    const header = new Headers(headers);
    // Not as the channel would have it: a time of day, which a clock that jumps makes another one. The call's signal ends it.
    writeGrpcTimeout(header, time.timeoutMs);
    return {
      time,
      common: {
        service: desc.parent,
        requestMethod: "POST",
        url: path,
        header,
        contextValues: values ?? createContextValues(),
      },
    };
  }

  #method<I extends DescMessage, O extends DescMessage>(
    desc: DescMethod & { readonly input: I; readonly output: O },
  ): GrpcMethod<I, O> {
    let method = this.#methods.get(desc);
    if (method === undefined) this.#methods.set(desc, (method = grpcMethod(desc)));
    return method as unknown as GrpcMethod<I, O>;
  }
}

/** A call whose time is over, or whose caller has left, is not begun. */
function refuseLate(signal: AbortSignal): void {
  if (signal.aborted) throw ConnectError.from(signal.reason, Code.Canceled);
}
