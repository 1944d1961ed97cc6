import { create } from "@bufbuild/protobuf";
import { Code, type ConnectRouter, type Interceptor } from "@connectrpc/connect";
import { CompleteResponseSchema, ProviderService } from "@synod/contracts/provider";
import { describe, expect, it } from "vitest";
import { createServiceClient } from "../client/service-client.js";
import { callContext } from "../context/call-context.js";
import { createGate, never } from "../testing/gate.js";
import { middlewareOf } from "../testing/houses.js";
import { answer, question } from "../testing/questions.js";
import { createRecorder } from "../testing/recorder.js";
import { thrownBy } from "../testing/thrown-by.js";
import { approximateSize } from "./approximate-size.js";
import { createLocalTransport } from "./local-transport.js";

describe("approximateSize", () => {
  it("counts texts, bytes and values", () => {
    const message = create(CompleteResponseSchema, { completion: { servedModel: "x".repeat(1_000) } });
    expect(approximateSize(message, 1e9)).toBeGreaterThanOrEqual(1_000);
    expect(approximateSize(message, 1e9)).toBeLessThan(1_100);
    expect(approximateSize({ bytes: new Uint8Array(500), list: [1, 2, 3] }, 1e9)).toBe(503);
  });

  it("stops counting above the limit", () => {
    let read = 0;
    const items = Array.from({ length: 100 }, () => ({
      get text() {
        read += 1;
        return "x".repeat(10);
      },
    }));
    expect(approximateSize(items, 50)).toBeGreaterThan(50);
    expect(read).toBeLessThan(10);
  });
});

describe("a local transport without middleware", () => {
  it("must know 5: strict finds wrong types, which are handed over otherwise", async () => {
    const handlers = { complete: () => ({ completion: { attempts: "many" as unknown as number } }) };
    const routes = (router: ConnectRouter) => void router.service(ProviderService, handlers);
    const loose = createServiceClient(ProviderService, createLocalTransport(routes));
    const strict = createServiceClient(ProviderService, createLocalTransport(routes, { strict: true }));
    const response = await loose.complete(question("x"));
    expect(response.completion?.attempts).toBe("many");
    expect((await thrownBy(strict.complete(question("x")))).code).toBe(Code.Internal);
  });

  it("gives a handler the context it would have on a wire", async () => {
    let remaining: number | undefined;
    let requestId: string | undefined;
    const transport = createLocalTransport((router) =>
      router.rpc(ProviderService.method.complete, (_, context) => {
        ({ requestId } = callContext(context));
        remaining = callContext(context).remainingMs();
        context.responseHeader.set("x-protocol", context.protocolName);
        return answer("x");
      }),
    );
    const client = createServiceClient(ProviderService, transport);
    let protocol: string | null | undefined;
    await client.complete(question("x"), {
      timeoutMs: 5_000,
      headers: { "x-request-id": "req-1" },
      onHeader: (headers) => void (protocol = headers.get("x-protocol")),
    });
    expect([protocol, requestId]).toEqual(["local", "req-1"]);
    expect(remaining).toBeLessThanOrEqual(5_000);
  });

  it("masks an unknown throw", async () => {
    const transport = createLocalTransport((router) =>
      router.rpc(ProviderService.method.complete, () => Promise.reject(new Error("secret"))),
    );
    const error = await thrownBy(createServiceClient(ProviderService, transport).complete(question("x")));
    expect([error.code, error.message.includes("secret")]).toEqual([Code.Internal, false]);
  });

  it("disposing it ends its calls and refuses new ones", async () => {
    const begun = createGate();
    const transport = createLocalTransport((router) =>
      router.rpc(ProviderService.method.complete, () => {
        begun.open();
        return never;
      }),
    );
    const client = createServiceClient(ProviderService, transport);
    const call = thrownBy(client.complete(question("x")));
    await begun.opened;
    await transport[Symbol.asyncDispose]();
    expect((await call).code).toBe(Code.Unavailable);
    expect((await thrownBy(client.complete(question("x")))).code).toBe(Code.Unavailable);
  });
});

describe("a local transport with an interceptor that waits before the middleware", () => {
  it("ends a call that its caller leaves, even if the handler is deaf", async () => {
    const asked = createGate();
    const outer: Interceptor = (next) => async (req) => {
      await Promise.resolve();
      return next(req);
    };
    const routes = (router: ConnectRouter) =>
      void router.service(ProviderService, {
        complete: () => {
          asked.open();
          return never;
        },
      });
    const interceptors = [outer, ...middlewareOf(createRecorder())];
    const client = createServiceClient(ProviderService, createLocalTransport(routes, { interceptors }));
    const caller = new AbortController();
    const failed = thrownBy(client.complete(question("x"), { signal: caller.signal }));
    await asked.opened;
    caller.abort();
    expect((await failed).code).toBe(Code.Canceled);
  });
});
