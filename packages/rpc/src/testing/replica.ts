import { serve, type ServeOptions } from "../server/serve.js";
import { type Handlers, middlewareOf, moduleOf } from "./houses.js";
import { createRecorder, type Recorder } from "./recorder.js";

/** A server of one service over gRPC. */
export interface Replica extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly recorder: Recorder;
  drain(): Promise<void>;
}

/** Starts one. */
export async function startReplica(
  handlers: Handlers,
  options: Partial<ServeOptions> & { readonly host?: string; readonly port?: number } = {},
): Promise<Replica> {
  const recorder = createRecorder();
  const { host = "127.0.0.1", port = 0, ...rest } = options;
  const server = await serve({
    modules: [moduleOf(handlers)],
    grpc: { host, port },
    interceptors: middlewareOf(recorder),
    logger: recorder.logger,
    metrics: recorder.metrics,
    drainMs: 500,
    ...rest,
  });
  const url = server.grpcUrl ?? "";
  return {
    url,
    port: Number(new URL(url).port),
    recorder,
    drain: () => server.drain(),
    [Symbol.asyncDispose]: () => server.drain(),
  };
}
