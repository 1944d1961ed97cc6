import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus as Status } from "@synod/contracts/health";
import { CompleteRequestSchema, ProviderService } from "@synod/contracts/provider";
import { ServerReflection, type ServerReflectionResponse } from "@synod/contracts/reflection";
import {
  ServerReflection as ServerReflectionAlpha,
  type ServerReflectionRequestSchema,
  type ServerReflectionResponse as ServerReflectionResponseAlpha,
} from "@synod/contracts/reflection-alpha";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { createServiceClient } from "../client/service-client.js";
import { failureOf } from "../errors/failure-of.js";
import { createGrpcTransport } from "../grpc/grpc-transport.js";
import { createGate, fired, never } from "../testing/gate.js";
import { middlewareOf } from "../testing/houses.js";
import { answer, piece, pieceTexts, question } from "../testing/questions.js";
import { grpcFrame, postHttp2 } from "../testing/raw-http2.js";
import { createRecorder } from "../testing/recorder.js";
import { type Replica, startReplica } from "../testing/replica.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";
import { innerLimits } from "./limits.js";
import { serve } from "./serve.js";

const buf = fileURLToPath(new URL("../../../../node_modules/.bin/buf", import.meta.url));

function dial(replica: Replica) {
  const services = [ProviderService, Health, ServerReflection];
  const transport = createGrpcTransport({ target: `127.0.0.1:${replica.port}`, services });
  return {
    providers: createServiceClient(ProviderService, transport),
    health: createServiceClient(Health, transport),
    reflection: createServiceClient(ServerReflection, transport),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

describe("the gRPC listener", () => {
  it("has health: check, list and watch, until it stops", async () => {
    let ready = true;
    const replica = await startReplica({}, { ready: () => ready });
    await using client = dial(replica);
    for (const service of ["", ProviderService.typeName, Health.typeName]) {
      expect((await client.health.check({ service })).status).toBe(Status.SERVING);
    }
    expect((await thrownBy(client.health.check({ service: "nobody" }))).code).toBe(Code.NotFound);
    expect(Object.keys((await client.health.list({})).statuses)).toContain(ProviderService.typeName);
    const seen: Status[] = [];
    const watch = (async () => {
      for await (const { status } of client.health.watch({ service: "" })) seen.push(status);
    })();
    await until("the watcher is told", () => seen.length === 1);
    ready = false;
    await until("the watcher is told that it is not ready", () => seen.length === 2);
    ready = true;
    await until("the watcher is told that it is ready again", () => seen.length === 3);
    await replica.drain();
    await watch;
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
  });

  it("carries 1,500 calls of one connection at once, where its callers are services of Synod", async () => {
    const gate = createGate();
    let open = 0;
    const complete = async () => {
      open += 1;
      await gate.opened;
      return answer("x");
    };
    await using replica = await startReplica({ complete }, { limits: innerLimits });
    await using client = dial(replica);
    const answers = Array.from({ length: 1_500 }, () => client.providers.complete(question("x")));
    await until("all are there", () => open === 1_500);
    gate.open();
    expect(await Promise.all(answers)).toHaveLength(1_500);
  });

  it("says SERVICE_UNKNOWN to who watches an unknown service", async () => {
    await using replica = await startReplica({});
    await using client = dial(replica);
    for await (const { status } of client.health.watch({ service: "nobody" })) {
      expect(status).toBe(Status.SERVICE_UNKNOWN);
      break;
    }
  });

  it("needs the secret for everything but health", async () => {
    const recorder = createRecorder();
    const interceptors = middlewareOf(recorder, { middleware: { innerToken: "right" } });
    await using replica = await startReplica({ listProviders: () => ({}) }, { interceptors });
    await using client = dial(replica);
    expect((await client.health.check({})).status).toBe(Status.SERVING);
    expect((await thrownBy(client.providers.listProviders({}))).code).toBe(Code.Unauthenticated);
    expect((await thrownBy(ask(client, []))).code).toBe(Code.Unauthenticated);
    const transport = createGrpcTransport({
      target: `127.0.0.1:${replica.port}`,
      services: [ProviderService],
      token: "right",
    });
    await createServiceClient(ProviderService, transport).listProviders({});
    await transport[Symbol.asyncDispose]();
  });

  it("has reflection", async () => {
    await using replica = await startReplica({});
    await using client = dial(replica);
    const answers = await ask(client, [
      { messageRequest: { case: "listServices", value: "" } },
      { messageRequest: { case: "fileContainingSymbol", value: "synod.provider.v1.ProviderService" } },
      {
        messageRequest: { case: "fileContainingSymbol", value: "synod.provider.v1.ProviderService.Complete" },
      },
      { messageRequest: { case: "fileContainingSymbol", value: "synod.model.v1.ContentPart.text" } },
      { messageRequest: { case: "fileByFilename", value: "google/protobuf/duration.proto" } },
      { messageRequest: { case: "fileByFilename", value: "missing.proto" } },
      { messageRequest: { case: "allExtensionNumbersOfType", value: "google.protobuf.FieldOptions" } },
      {
        messageRequest: {
          case: "fileContainingExtension",
          value: { containingType: "google.protobuf.FieldOptions", extensionNumber: 1159 },
        },
      },
    ]);
    const [services, ...rest] = answers.map(({ messageResponse }) => messageResponse);
    expect(
      services?.case === "listServicesResponse" && services.value.service.map(({ name }) => name),
    ).toEqual([
      "synod.provider.v1.ProviderService",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ]);
    expect(rest.map(filesOf)).toEqual([
      expect.arrayContaining(["synod/provider/v1/provider_service.proto", "synod/model/v1/message.proto"]),
      ["synod/provider/v1/provider_service.proto"],
      ["synod/model/v1/message.proto"],
      ["google/protobuf/duration.proto"],
      "errorResponse",
      "allExtensionNumbersResponse",
      ["buf/validate/validate.proto"],
    ]);
  });

  it("has the elder version of reflection, for clients that know no other", async () => {
    await using replica = await startReplica({});
    const services = [ServerReflectionAlpha];
    await using transport = createGrpcTransport({ target: `127.0.0.1:${replica.port}`, services });
    async function* requests(): AsyncGenerator<MessageInitShape<typeof ServerReflectionRequestSchema>> {
      yield { messageRequest: { case: "fileContainingSymbol", value: "synod.provider.v1.ProviderService" } };
      yield { messageRequest: { case: "fileByFilename", value: "missing.proto" } };
    }
    const { serverReflectionInfo } = createServiceClient(ServerReflectionAlpha, transport);
    const answers = [];
    for await (const message of serverReflectionInfo(requests())) answers.push(message);
    expect(answers.map(({ originalRequest }) => originalRequest?.messageRequest.value)).toEqual([
      "synod.provider.v1.ProviderService",
      "missing.proto",
    ]);
    expect(answers.map(({ messageResponse }) => filesOf(messageResponse))).toEqual([
      expect.arrayContaining(["synod/provider/v1/provider_service.proto"]),
      "errorResponse",
    ]);
  });

  it("works with buf curl by reflection, over gRPC, gRPC-Web and Connect", async () => {
    await using replica = await startReplica({
      listProviders: () => ({ providers: [{ id: "groq", available: true }] }),
      async *streamCompletion() {
        yield piece("streamed");
      },
    });
    const url = `${replica.url}/synod.provider.v1.ProviderService`;
    const curl = async (protocol: string, method: string, data: string) => {
      const args = [
        "curl",
        "--protocol",
        protocol,
        "--http2-prior-knowledge",
        "-d",
        data,
        `${url}/${method}`,
      ];
      return (await promisify(execFile)(buf, args)).stdout;
    };
    const all = await Promise.all(
      ["grpc", "grpcweb", "connect"].map((way) => curl(way, "ListProviders", "{}")),
    );
    for (const text of all)
      expect(JSON.parse(text)).toEqual({ providers: [{ id: "groq", available: true }] });
    const data = { model: "test/model", messages: [{ role: "ROLE_USER", parts: [{ text: "x" }] }] };
    const stream = await curl("grpc", "StreamCompletion", JSON.stringify({ completion: data }));
    expect(JSON.parse(stream)).toEqual({ delta: { text: "streamed" } });
  }, 30_000);

  it("refuses a deadline that is written wrongly, ends one that is too short, and takes one for ever", async () => {
    let calls = 0;
    await using replica = await startReplica({
      complete() {
        calls += 1;
        return answer("x");
      },
    });
    const body = grpcFrame(toBinary(CompleteRequestSchema, create(CompleteRequestSchema, question("x"))));
    const statusFor = async (timeout: string) => {
      const headers = { "content-type": "application/grpc", te: "trailers", "grpc-timeout": timeout };
      const path = "/synod.provider.v1.ProviderService/Complete";
      const { headers: head, trailers } = await postHttp2(replica.url, path, headers, body);
      return Number(trailers["grpc-status"] ?? head["grpc-status"]);
    };
    expect(await statusFor("5x")).toBe(Code.InvalidArgument);
    expect(await statusFor("123456789m")).toBe(Code.InvalidArgument);
    expect(await statusFor("1n")).toBe(Code.DeadlineExceeded);
    expect(await statusFor("0m")).toBe(Code.DeadlineExceeded);
    expect(calls).toBe(0);
    expect(await statusFor("10S")).toBe(0);
    expect(await statusFor("99999999H")).toBe(0);
  });

  it("answers 404 where there is no service", async () => {
    await using replica = await startReplica({});
    const { headers } = await postHttp2(
      replica.url,
      "/nothing",
      { "content-type": "application/json" },
      "{}",
    );
    expect(headers[":status"]).toBe(404);
  });

  it("draining: running calls finish, the connection is closed, new calls find nobody", async () => {
    const gate = createGate();
    let begun = 0;
    const replica = await startReplica(
      {
        async complete() {
          begun += 1;
          await gate.opened;
          return answer("finished");
        },
      },
      { drainMs: 10_000 },
    );
    await using client = dial(replica);
    const running = client.providers.complete(question("x"));
    await until("the call has begun", () => begun === 1);
    const drained = replica.drain();
    await until("new calls are refused", async () => {
      const late = client.providers.listProviders({}, { timeoutMs: 1_000 });
      return (await late.catch((error: unknown) => failureOf(error).reason)) === "service_unavailable";
    });
    gate.open();
    expect((await running).completion?.servedModel).toBe("finished");
    await drained;
    expect(begun).toBe(1);
  });

  it("draining: calls that outlast it end with an error that says so", async () => {
    let cleanedUp = false;
    const replica = await startReplica(
      {
        complete: () => never,
        async *streamCompletion(_, { signal }) {
          try {
            yield piece("first");
            await fired(signal);
          } finally {
            cleanedUp = true;
          }
        },
      },
      { drainMs: 100 },
    );
    await using client = dial(replica);
    const calls = [
      thrownBy(client.providers.complete(question("x"))),
      thrownBy(pieceTexts(client.providers.streamCompletion(question("x")))),
    ];
    await until("both go on", async () => {
      const inFlight = (method: string) =>
        replica.recorder.metric("synod_rpc_calls_in_flight", `method="${method}"`);
      return (await inFlight("Complete")) === 1 && (await inFlight("StreamCompletion")) === 1;
    });
    await replica.drain();
    for (const error of await Promise.all(calls)) {
      expect(error.code).toBe(Code.Unavailable);
      expect(failureOf(error)).toMatchObject({ reason: "overloaded", retryable: true });
    }
    expect(cleanedUp).toBe(true);
  });

  it("rejects an address that is taken, and leaves nothing open", async () => {
    await using replica = await startReplica({});
    const recorder = createRecorder();
    const attempt = serve({
      modules: [],
      interceptors: [],
      logger: recorder.logger,
      metrics: recorder.metrics,
      grpc: { host: "127.0.0.1", port: 0 },
      web: { host: "127.0.0.1", port: replica.port },
    });
    await expect(attempt).rejects.toThrow("is in use");
    expect(recorder.entries.at(-1)?.["msg"]).toBe("stopped");
  });
});

type Question = MessageInitShape<typeof ServerReflection.method.serverReflectionInfo.input>;

async function ask(
  client: ReturnType<typeof dial>,
  questions: readonly Question[],
): Promise<ServerReflectionResponse[]> {
  const answers: ServerReflectionResponse[] = [];
  async function* requests() {
    yield* questions;
  }
  for await (const message of client.reflection.serverReflectionInfo(requests())) answers.push(message);
  return answers;
}

function filesOf(answered: (ServerReflectionResponse | ServerReflectionResponseAlpha)["messageResponse"]) {
  if (answered.case !== "fileDescriptorResponse") return answered.case;
  return answered.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}
