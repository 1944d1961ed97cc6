import { ChatService } from "@synod/contracts/chat";
import { createRequestValidator, type ServeOptions, serviceInterceptors } from "@synod/rpc";
import type { Settings } from "@synod/settings";
import { type Logger, type Metrics, noTracer, type Tracer } from "@synod/telemetry";
import type { ChatGateway } from "./create.js";

/** What is served beside the gateway itself. */
export interface ServingDeps {
  readonly settings: Pick<Settings, "http" | "grpc" | "limits">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Begins a span for each RPC. Nothing is traced when unset. */
  readonly tracer?: Tracer;
}

/** How the chat gateway is served: REST, Connect and gRPC-Web on one port, gRPC on the other, strangers on both. */
export function chatServing(
  chat: ChatGateway,
  { settings, logger, metrics, tracer = noTracer }: ServingDeps,
): ServeOptions {
  const validator = createRequestValidator([ChatService]);
  const middleware = serviceInterceptors({
    logger,
    metrics,
    tracer,
    service: "chat",
    trustsCaller: false,
    validator,
  });
  return {
    modules: [chat],
    grpc: settings.grpc,
    web: { ...settings.http, before: chat.gate, fallback: chat.handler },
    interceptors: [chat.interceptor, ...middleware],
    logger,
    metrics,
    limits: { readMaxBytes: settings.limits.requestBytes, strangers: true },
    bodies: chat.bodies,
    admit: chat.admit,
    ready: chat.isReady,
    background: chat.background,
  };
}
