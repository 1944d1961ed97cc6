import type { Interceptor } from "@connectrpc/connect";
import { Health } from "@synod/contracts/health";
import type { Logger, Metrics } from "@synod/telemetry";
import type { ServiceModule } from "../service-module.js";
import type { Address } from "./address.js";
import type { Admission } from "./admission.js";
import type { BodyBudget } from "./body-budget.js";
import { type Listener, listenGrpc } from "./grpc-listener.js";
import { healthRoutes } from "./health.js";
import { type BackgroundWork, Lifecycle } from "./lifecycle.js";
import type { ServerLimits } from "./limits.js";
import { createNodeHandler, type NodeHandler } from "./node-handler.js";
import { reflectionRoutes } from "./reflection.js";
import { listenWeb, type WebListener } from "./web-listener.js";
import { createWebRoutes, type WebGate, type WebHandler } from "./web-routes.js";

/** What is served, and where. */
export interface ServeOptions {
  readonly modules: readonly ServiceModule[];
  /** HTTP/2 without TLS: gRPC, Connect and gRPC-Web, with health and reflection. Not served when unset. */
  readonly grpc?: Address;
  /**
   * HTTP/1.1: Connect and gRPC-Web, `/healthz`, `/readyz` and `/metrics`. Not served when unset.
   *
   * `before` sees every request first, for CORS and keys; `fallback` gets what nothing else answers.
   */
  readonly web?: Address & { readonly before?: WebGate; readonly fallback?: WebHandler };
  /** The middleware: what `serviceInterceptors` returns, and before it whatever else a service needs. */
  readonly interceptors: readonly Interceptor[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: ServerLimits;
  /** What the bodies of calls are counted in. Without a limit when unset. */
  readonly bodies?: BodyBudget;
  /** Who is let in before the body of a call is read. Everyone when unset. */
  readonly admit?: Admission;
  /** After how long an HTTP/2 connection is closed gracefully, in milliseconds, give or take a tenth. 300,000 when unset. */
  readonly maxConnectionAgeMs?: number;
  /** How long calls may go on once the server stops, in milliseconds. 25,000 when unset. */
  readonly drainMs?: number;
  /** Whether calls are welcome, asked by probes. Always when unset. */
  readonly ready?: () => boolean;
  /** What goes on without a call, and is waited for like one when the server stops. */
  readonly background?: BackgroundWork;
}

/** A server that is listening. Disposing it drains it; the modules are disposed by whoever made them. */
export interface RunningServer extends AsyncDisposable {
  /** Where gRPC is served, such as `http://127.0.0.1:7001`. Unset when it is not. */
  readonly grpcUrl?: string;
  /** Where the web is served. Unset when it is not. */
  readonly webUrl?: string;
  /**
   * Stops. At once: readiness and health off, no new gRPC connections, new calls refused with `overloaded`, clients of
   * HTTP/2 told to go elsewhere. Running calls and work in the background finish, up to `drainMs`; then they are ended with `overloaded`, and half a
   * second later their connections are cut. Asking again gives the same promise.
   */
  drain(): Promise<void>;
}

/** Serves modules. Rejects when an address cannot be listened on. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const lifecycle = new Lifecycle({
    logger: options.logger,
    maxConnectionAgeMs: options.maxConnectionAgeMs ?? 300_000,
    drainMs: options.drainMs ?? 25_000,
    ready: options.ready ?? (() => true),
    background: options.background,
  });
  const grpc = await startGrpc(options, lifecycle);
  let web: WebListener | undefined;
  try {
    web = await startWeb(options, lifecycle);
  } catch (error) {
    await lifecycle.drain({ grpc, web });
    throw error;
  }
  let drained: Promise<void> | undefined;
  const drain = () => (drained ??= lifecycle.drain({ grpc, web }));
  return {
    ...(grpc === undefined ? {} : { grpcUrl: grpc.url }),
    ...(web === undefined ? {} : { webUrl: web.url }),
    drain,
    [Symbol.asyncDispose]: drain,
  };
}

async function startGrpc(options: ServeOptions, lifecycle: Lifecycle): Promise<Listener | undefined> {
  if (options.grpc === undefined) return undefined;
  const services = [...options.modules.flatMap((module) => module.services), Health];
  const health = healthRoutes({
    services: services.map((service) => service.typeName),
    ready: lifecycle.ready,
    stopping: lifecycle.stopping,
  });
  const handler = createHandler(options, lifecycle, [health, reflectionRoutes(services)]);
  return await listenGrpc({
    address: options.grpc,
    handler(request, response) {
      lifecycle.inFlight.add(response);
      return handler(request, response);
    },
    connections: lifecycle.connections,
    limits: options.limits ?? {},
    logger: options.logger,
  });
}

async function startWeb(options: ServeOptions, lifecycle: Lifecycle): Promise<WebListener | undefined> {
  const { web, logger, metrics } = options;
  if (web === undefined) return undefined;
  const answer = createWebRoutes({
    rpc: createHandler(options, lifecycle, []),
    before: web.before,
    fallback: web.fallback,
    metrics,
    logger,
    ready: lifecycle.ready,
    stopping: () => lifecycle.stopping.aborted,
    ending: lifecycle.abort,
    onRequest: (response) => lifecycle.inFlight.add(response),
  });
  return await listenWeb({ address: web, limits: options.limits ?? {}, logger, answer });
}

function createHandler(
  options: ServeOptions,
  { abort, refuses }: Lifecycle,
  extra: readonly ServiceModule["routes"][],
): NodeHandler {
  return createNodeHandler({
    routes: [...options.modules.map((module) => module.routes), ...extra],
    interceptors: options.interceptors,
    limits: options.limits ?? {},
    logger: options.logger,
    bodies: options.bodies,
    admit: options.admit,
    abort,
    refuses,
  });
}
