import { create } from "@bufbuild/protobuf";
import {
  ChatResponseSchema,
  ChatService,
  ListModelsResponseSchema,
  StreamChatResponseSchema,
} from "@synod/contracts/chat";
import {
  createGrpcTransport,
  createLocalTransport,
  createServiceClient,
  failureOf,
  serve,
  type ServiceModule,
  type Transport,
} from "@synod/rpc";
import { createMemoryStores } from "@synod/run-store";
import { createLogger, createMetrics } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { type Caller, createCallerCheck } from "../caller.js";
import { callerOf, knowCaller } from "./know-caller.js";

const interceptors = [knowCaller(createCallerCheck(["key-one"], createMemoryStores().keys))];

/** A service that notes who calls it. */
function noteCallers(): { readonly callers: Caller[]; readonly module: ServiceModule } {
  const callers: Caller[] = [];
  const routes: ServiceModule["routes"] = (router) =>
    void router.service(ChatService, {
      chat(_request, context) {
        callers.push(callerOf(context));
        return create(ChatResponseSchema);
      },
      async *streamChat(_request, context) {
        callers.push(callerOf(context));
        yield create(StreamChatResponseSchema);
      },
      listModels: () => create(ListModelsResponseSchema),
    });
  return { callers, module: { services: [ChatService], routes, async [Symbol.asyncDispose]() {} } };
}

async function callAll(transport: Transport): Promise<string> {
  const client = createServiceClient(ChatService, transport);
  const headers = { authorization: "Bearer key-one" };
  await client.chat({}, { headers });
  for await (const _ of client.streamChat({}, { headers }));
  const refused = await client.chat({}).catch(failureOf);
  return "reason" in refused ? refused.reason : "answered";
}

const known = { owner: "env-9b346041bc9a", key: undefined };

describe("who calls", () => {
  it("is known to every call within the process", async () => {
    const { callers, module } = noteCallers();
    await using transport = createLocalTransport(module.routes, { interceptors });
    expect(await callAll(transport)).toBe("invalid_api_key");
    expect(callers).toEqual([known, known]);
  });

  it("is known to every call over gRPC", async () => {
    const { callers, module } = noteCallers();
    const logger = createLogger({ level: "silent", service: "test" });
    const metrics = createMetrics({ service: "test" });
    const grpc = { host: "127.0.0.1", port: 0 };
    await using server = await serve({ modules: [module], interceptors, grpc, logger, metrics });
    const target = new URL(server.grpcUrl ?? "").host;
    await using transport = createGrpcTransport({ target, services: [ChatService] });
    expect(await callAll(transport)).toBe("invalid_api_key");
    expect(callers).toEqual([known, known]);
  });
});
