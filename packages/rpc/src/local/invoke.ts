import type { MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type HandlerContext, type Interceptor } from "@connectrpc/connect";
import type { MethodImplSpec } from "../connect-internals.js";
import { readTimeoutMs } from "../context/headers.js";

/** A call as interceptors see it. */
export type AnyFn = Parameters<Interceptor>[0];
type AnyRequest = Parameters<AnyFn>[0];
type AnyResponse = Awaited<ReturnType<AnyFn>>;

/** Calls an implementation directly. What it returns is not yet normalised. */
export function invoke(spec: MethodImplSpec): AnyFn {
  return async (req) => {
    const context = handlerContext(req);
    const common = {
      service: req.service,
      header: context.responseHeader,
      trailer: context.responseTrailer,
    };
    const message = await run(spec, req, context);
    return { ...common, stream: req.stream, method: req.method, message } as AnyResponse;
  };
}

function run(spec: MethodImplSpec, req: AnyRequest, context: HandlerContext) {
  if (!req.stream) {
    if (spec.kind !== "unary") throw mismatch();
    return spec.impl(req.message, context);
  }
  switch (spec.kind) {
    case "server_streaming":
      return single(req.message).then((input) => spec.impl(input, context));
    case "client_streaming":
      return one(spec.impl(req.message, context));
    case "bidi_streaming":
      return spec.impl(req.message, context);
    case "unary":
      throw mismatch();
  }
}

function handlerContext(req: AnyRequest): HandlerContext {
  const startedMs = performance.now();
  return {
    method: req.method,
    service: req.service,
    signal: req.signal,
    timeoutMs() {
      const timeoutMs = readTimeoutMs(req.header);
      return timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - startedMs);
    },
    requestMethod: req.requestMethod,
    requestHeader: req.header,
    responseHeader: new Headers(),
    responseTrailer: new Headers(),
    protocolName: "local",
    values: req.contextValues,
    url: req.url,
  };
}

async function single<T>(messages: AsyncIterable<T>): Promise<T> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) throw new ConnectError("no request message", Code.Unimplemented);
  const second = await iterator.next();
  if (second.done !== true) throw new ConnectError("more than one request message", Code.Unimplemented);
  return first.value;
}

async function* one<T extends MessageShape<never> | object>(message: Promise<T>): AsyncGenerator<T> {
  yield await message;
}

function mismatch(): ConnectError {
  return new ConnectError("a stream was called as a unary method, or the reverse", Code.Unimplemented);
}
