import type { Client, ServiceImpl, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { ProviderService } from "@synod/contracts/provider";
import { createServiceClient } from "../client/service-client.js";
import { forwardContext } from "../context/forward.js";
import { createGrpcTransport } from "../grpc/grpc-transport.js";
import { createLocalTransport } from "../local/local-transport.js";
import { createRequestValidator } from "../middleware/request-validator.js";
import { type ServiceInterceptorOptions, serviceInterceptors } from "../middleware/service-interceptors.js";
import { serve } from "../server/serve.js";
import type { ServiceModule } from "../service-module.js";
import { createRecorder, type Recorder } from "./recorder.js";

/** What a test's service does. */
export type Handlers = Partial<ServiceImpl<typeof ProviderService>>;

/** How a service is run for a test. */
interface HouseOptions {
  readonly middleware?: Partial<ServiceInterceptorOptions>;
  readonly limits?: { readonly readMaxBytes?: number; readonly writeMaxBytes?: number };
  readonly drainMs?: number;
  readonly token?: string;
}

/** A service that runs, and a client of it. */
export interface House extends AsyncDisposable {
  readonly transport: Transport;
  readonly client: Client<typeof ProviderService>;
  readonly recorder: Recorder;
  /** Where it listens, when it does. */
  readonly url: string;
}

/** A way to reach a service. */
interface Way {
  readonly name: "local" | "local strict" | "gRPC" | "web";
  open(handlers: Handlers, options?: HouseOptions): Promise<House>;
}

const validator = createRequestValidator([ProviderService]);

/** Wraps handlers as a module. */
export function moduleOf(handlers: Handlers): ServiceModule {
  return {
    services: [ProviderService],
    routes: (router) => void router.service(ProviderService, handlers),
    async [Symbol.asyncDispose]() {},
  };
}

/** The middleware of a test's service. */
export function middlewareOf(recorder: Recorder, options: HouseOptions = {}) {
  const { logger, metrics } = recorder;
  return serviceInterceptors({ logger, metrics, service: "provider", validator, ...options.middleware });
}

/** Every way there is. */
export const ways: readonly Way[] = [
  { name: "local", open: async (handlers, options) => local(handlers, options, false) },
  { name: "local strict", open: async (handlers, options) => local(handlers, options, true) },
  { name: "gRPC", open: grpc },
  { name: "web", open: web },
];

function local(handlers: Handlers, options: HouseOptions = {}, strict: boolean): House {
  const recorder = createRecorder();
  const interceptors = middlewareOf(recorder, options);
  const transport = createLocalTransport(moduleOf(handlers).routes, {
    ...options.limits,
    interceptors,
    strict,
  });
  return {
    transport,
    client: createServiceClient(ProviderService, transport),
    recorder,
    url: "",
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

async function grpc(handlers: Handlers, options: HouseOptions = {}): Promise<House> {
  const { server, recorder } = await start(handlers, options, "grpc");
  const url = server.grpcUrl ?? "";
  const transport = createGrpcTransport({
    target: url.replace("http://", ""),
    services: [ProviderService],
    token: options.token,
  });
  return {
    transport,
    client: createServiceClient(ProviderService, transport),
    recorder,
    url,
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await server.drain();
    },
  };
}

async function web(handlers: Handlers, options: HouseOptions = {}): Promise<House> {
  const { server, recorder } = await start(handlers, options, "web");
  const url = server.webUrl ?? "";
  const transport = createConnectTransport({
    baseUrl: url,
    useBinaryFormat: true,
    interceptors: [forwardContext(options.token)],
  });
  return {
    transport,
    client: createServiceClient(ProviderService, transport),
    recorder,
    url,
    [Symbol.asyncDispose]: () => server.drain(),
  };
}

async function start(handlers: Handlers, options: HouseOptions, way: "grpc" | "web") {
  const recorder = createRecorder();
  const server = await serve({
    modules: [moduleOf(handlers)],
    [way]: { host: "127.0.0.1", port: 0 },
    interceptors: middlewareOf(recorder, options),
    logger: recorder.logger,
    metrics: recorder.metrics,
    drainMs: options.drainMs ?? 200,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  return { server, recorder };
}
