import { create } from "@bufbuild/protobuf";
import type { RunEvent } from "@synod/consensus";
import { ChatResponseSchema, ChatService } from "@synod/contracts/chat";
import { FinishReason, Role } from "@synod/contracts/model";
import { toProtoRunEvent } from "@synod/mapping";
import { type Interceptor, serve, type ServiceImpl, serviceInterceptors } from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { createSynodClient, type SynodClient } from "../create-client.js";
import type { ClientOptions } from "../options.js";

/** What a test's server does. */
export type Handlers = Partial<ServiceImpl<typeof ChatService>>;

/** A call that a server got. */
export interface SeenCall {
  readonly method: string;
  readonly headers: Headers;
}

/** A server with the real middleware and scripted handlers, and a client of it over the real wire. */
export interface House extends AsyncDisposable {
  readonly url: string;
  readonly client: SynodClient;
  readonly calls: readonly SeenCall[];
}

/** Starts a server and makes a client of it. */
export async function startHouse(
  handlers: Handlers,
  options: Partial<ClientOptions> = {},
  port = 0,
): Promise<House> {
  const calls: SeenCall[] = [];
  const see: Interceptor = (next) => (request) => {
    calls.push({ method: request.method.name, headers: request.header });
    return next(request);
  };
  const logger = createLogger({ level: "silent", service: "test" });
  const metrics = createMetrics({ service: "test" });
  const server = await serve({
    modules: [
      {
        services: [ChatService],
        routes: (router) => void router.service(ChatService, handlers),
        async [Symbol.asyncDispose]() {},
      },
    ],
    web: { host: "127.0.0.1", port },
    interceptors: [...serviceInterceptors({ logger, metrics, service: "chat", trustsCaller: false }), see],
    logger,
    metrics,
    drainMs: 0,
  });
  const url = server.webUrl ?? "";
  return {
    url,
    client: createSynodClient({ baseUrl: url, ...options }),
    calls,
    [Symbol.asyncDispose]: () => server.drain(),
  };
}

/** An answer of one model. */
export function answerOf(text: string) {
  return create(ChatResponseSchema, {
    id: "chatcmpl-1",
    model: "sim/a",
    message: { role: Role.ASSISTANT, parts: [{ content: { case: "text", value: text } }] },
    finishReason: FinishReason.STOP,
    usage: { inputTokens: 10n, outputTokens: 2n, costUsdNanos: 2_500_000n },
  });
}

/** An event of the run `r1`, as it is sent. */
export function eventOf(seq: number, event: RunEvent) {
  return toProtoRunEvent(event, { runId: "r1", seq, createTimeMs: 1_000 * seq });
}
