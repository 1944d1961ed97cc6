import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";

/** What came of a request over HTTP/2. */
export interface StreamEnd {
  /** `:status`; 0 without an answer. */
  readonly status: number;
  /** `grpc-status` of the trailers, or of the head; undefined without one. */
  readonly grpcStatus: number | undefined;
  /** `grpc-message`, decoded. */
  readonly grpcMessage: string;
  /** The error code with which the stream was closed. */
  readonly rstCode: number;
}

/** A request over HTTP/2 whose body the test writes itself. */
export interface RawStream {
  readonly stream: ClientHttp2Stream;
  /** Resolves when the stream is closed, by whomever. */
  readonly ended: Promise<StreamEnd>;
}

/** Connects for requests that no RPC library would send. */
export function rawSession(url: string): { readonly session: ClientHttp2Session } & Disposable {
  const session = connect(url);
  session.on("error", () => undefined);
  return { session, [Symbol.dispose]: () => session.destroy() };
}

/** Begins a request. */
export function rawStream(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): RawStream {
  const stream = session.request(
    {
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc+proto",
      te: "trailers",
      ...headers,
    },
    { endStream: false },
  );
  let head: Readonly<Record<string, unknown>> = {};
  let trailers: Readonly<Record<string, unknown>> = {};
  stream.on("response", (received) => (head = received));
  stream.on("trailers", (received) => (trailers = received));
  stream.on("error", () => undefined);
  stream.resume();
  const ended = new Promise<StreamEnd>((resolve) => {
    stream.on("close", () => {
      const grpcStatus = trailers["grpc-status"] ?? head["grpc-status"];
      resolve({
        status: Number(head[":status"] ?? 0),
        grpcStatus: grpcStatus === undefined ? undefined : Number(grpcStatus),
        grpcMessage: decodeURIComponent(String(trailers["grpc-message"] ?? head["grpc-message"] ?? "")),
        rstCode: stream.rstCode ?? constants.NGHTTP2_NO_ERROR,
      });
    });
  });
  return { stream, ended };
}
