import { type CallOptions, Code } from "@connectrpc/connect";
import { ProviderService } from "@synod/contracts/provider";
import { BadRequestSchema } from "@synod/contracts/rpc-details";
import { describe, expect, it } from "vitest";
import { createServiceClient } from "../client/service-client.js";
import { type CallContext, callContext, outgoingOptions } from "../context/call-context.js";
import { failureOf } from "../errors/failure-of.js";
import { SynodError } from "../errors/synod-error.js";
import { createGrpcTransport } from "../grpc/grpc-transport.js";
import { fired, never } from "../testing/gate.js";
import { type House, ways } from "../testing/houses.js";
import { answer, piece, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

const header = "x-request-id";
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe.each(ways)("$name: from service to service", ({ open }) => {
  /** A service that passes its call on to another one. */
  const relay = (inner: House, options: (context: CallContext) => CallOptions = (call) => call.outgoing()) =>
    open({
      complete: (_, context) => inner.client.complete(question("inner"), options(callContext(context))),
    });

  it("sends on request id, caller, trace and idempotency key", async () => {
    let seen: CallContext | undefined;
    await using inner = await open({
      complete(_, context) {
        seen = callContext(context);
        return answer("x");
      },
    });
    await using outer = await relay(inner);
    const context = {
      requestId: "req-1",
      caller: "ann",
      traceparent,
      tracestate: "a=1",
      idempotencyKey: "k 1",
    };
    await outer.client.complete(question("x"), outgoingOptions(context));
    expect(seen).toMatchObject(context);
  });

  it("gives a request without an id one, and keeps it on the way", async () => {
    const ids: string[] = [];
    await using inner = await open({
      complete(_, context) {
        ids.push(callContext(context).requestId);
        return answer("x");
      },
    });
    await using outer = await open({
      complete(_, context) {
        const call = callContext(context);
        ids.push(call.requestId);
        return inner.client.complete(question("x"), call.outgoing());
      },
    });
    await outer.client.complete(question("x"));
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it("gives the request's id back, with an answer and with an error", async () => {
    await using house = await open({
      complete: () => answer("x"),
      async *streamCompletion() {
        yield piece("first");
        throw new SynodError({ reason: "upstream_error", message: "cut" });
      },
    });
    let given: string | null = "";
    const options = {
      ...outgoingOptions({ requestId: "req-1" }),
      onHeader: (h: Headers) => (given = h.get(header)),
    };
    await house.client.complete(question("x"), options);
    expect(given).toBe("req-1");
    const error = await thrownBy(pieceTexts(house.client.streamCompletion(question("x"), options)));
    expect(error.metadata.get(header)).toContain("req-1");
  });

  it("refuses an id that is too long, and leaves out a trace of another form", async () => {
    let seen: CallContext | undefined;
    await using house = await open({
      complete(_, context) {
        seen = callContext(context);
        return answer("x");
      },
    });
    const error = await thrownBy(
      house.client.complete(question("x"), { headers: { "x-request-id": "x".repeat(129) } }),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    await house.client.complete(question("x"), { headers: { traceparent: "nonsense" } });
    expect(seen?.traceparent).toBeUndefined();
  });

  it("does not believe a stranger's caller id", async () => {
    let caller: string | undefined = "unset";
    await using house = await open(
      {
        complete(_, context) {
          caller = callContext(context).caller;
          return answer("x");
        },
      },
      { middleware: { trustsCaller: false } },
    );
    await house.client.complete(question("x"), { headers: { "x-synod-caller": "admin" } });
    expect(caller).toBeUndefined();
  });

  it("shrinks the deadline at each hop", async () => {
    const remaining: number[] = [];
    await using inner = await open({
      complete(_, context) {
        remaining.push(callContext(context).remainingMs());
        return answer("x");
      },
    });
    await using outer = await relay(inner);
    await outer.client.complete(question("x"), { timeoutMs: 10_000 });
    await using short = await relay(inner, (call) => call.outgoing({ timeoutMs: 500 }));
    await short.client.complete(question("x"), { timeoutMs: 10_000 });
    expect(remaining[0]).toBeLessThanOrEqual(9_900);
    expect(remaining[0]).toBeGreaterThan(5_000);
    expect(remaining[1]).toBeLessThanOrEqual(500);
  });

  it("cancels the inner call when the outer caller leaves", async () => {
    let begun = false;
    let cancelled = false;
    await using inner = await open({
      async complete(_, { signal }) {
        begun = true;
        await fired(signal);
        cancelled = true;
        return answer("x");
      },
    });
    await using outer = await relay(inner);
    const controller = new AbortController();
    const call = thrownBy(outer.client.complete(question("x"), { signal: controller.signal }));
    await until("the inner call begins", () => begun);
    controller.abort();
    expect((await call).code).toBe(Code.Canceled);
    await until("the inner call is cancelled", () => cancelled);
  });

  it("trap 8: calls that were begun for a call do not outlive it, each can be ended alone", async () => {
    const ended: string[] = [];
    let begun = 0;
    await using inner = await open({
      async complete(request, { signal }) {
        begun += 1;
        await fired(signal);
        ended.push(request.completion?.model ?? "");
        return answer("x");
      },
    });
    const ask = (model: string, options: CallOptions) =>
      inner.client
        .complete({ completion: { ...question("x").completion, model } }, options)
        .catch(() => undefined);
    await using outer = await open({
      async complete(_, context) {
        const call = callContext(context);
        const alone = new AbortController();
        const signal = AbortSignal.any([alone.signal, call.signal]);
        void ask("test/alone", call.outgoing({ signal }));
        void ask("test/forgotten", call.outgoing());
        await until("both are begun", () => begun === 2);
        alone.abort();
        await until("one has ended", () => ended.length === 1);
        return answer("x");
      },
    });
    await outer.client.complete(question("x"));
    await until("both have ended", () => ended.length === 2);
    expect(ended).toEqual(["test/alone", "test/forgotten"]);
  });

  it("translates an inner error: the failure crosses, metadata and other details do not", async () => {
    await using inner = await open({
      complete: () =>
        Promise.reject(
          new SynodError(
            { reason: "rate_limit_exceeded", message: "slow down", retryAfterMs: 700 },
            { metadata: { model: "m" }, fieldViolations: [{ field: "inner.field", description: "inner" }] },
          ),
        ),
    });
    await using outer = await relay(inner);
    const error = await thrownBy(outer.client.complete(question("x")));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(failureOf(error)).toEqual({
      reason: "rate_limit_exceeded",
      message: "slow down",
      retryable: true,
      retryAfterMs: 700,
    });
    expect(error.findDetails(BadRequestSchema)).toEqual([]);
  });

  it("tells an inner defect and a refused secret as a defect of its own", async () => {
    await using broken = await open({ complete: () => Promise.reject(new Error("secret bug")) });
    await using locked = await open({ complete: () => answer("x") }, { middleware: { innerToken: "right" } });
    for (const inner of [broken, locked]) {
      await using outer = await relay(inner);
      const error = await thrownBy(outer.client.complete(question("x")));
      expect(error.code).toBe(Code.Internal);
      expect(error.rawMessage).toBe("internal error");
    }
  });

  it("never tells the address of an inner service", async () => {
    await using transport = createGrpcTransport({ target: "127.0.0.1:1", services: [ProviderService] });
    const inner = createServiceClient(ProviderService, transport);
    await using outer = await open({
      complete: (_, context) => inner.complete(question("x"), callContext(context).outgoing()),
    });
    const error = await thrownBy(outer.client.complete(question("x")));
    expect(error.code).toBe(Code.Unavailable);
    expect(failureOf(error)).toMatchObject({ reason: "service_unavailable", retryable: true });
    expect(JSON.stringify([error.message, [...error.metadata], error.details])).not.toContain("127.0.0.1");
    const logged = outer.recorder.entries.find((entry) => entry["level"] === "warn");
    expect(JSON.stringify(logged)).toContain("127.0.0.1:1");
  });

  it("checks the secret between services", async () => {
    const middleware = { innerToken: "right" };
    await using without = await open({ complete: () => answer("x") }, { middleware });
    const missing = await thrownBy(without.client.complete(question("x")));
    const headers = { "x-synod-inner-token": "wrong" };
    const wrong = await thrownBy(without.client.complete(question("x"), { headers }));
    for (const error of [missing, wrong]) {
      expect(error.code).toBe(Code.Unauthenticated);
      expect(failureOf(error).reason).toBe("inner_token");
    }
    await without.client.complete(question("x"), { headers: { "x-synod-inner-token": "right" } });
  });

  it("an inner call that takes too long is the outer call's deadline", async () => {
    await using inner = await open({ complete: () => never });
    await using outer = await relay(inner);
    const error = await thrownBy(outer.client.complete(question("x"), { timeoutMs: 200 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
  });
});
