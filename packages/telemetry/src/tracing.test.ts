import { createServer, type Socket } from "node:net";
import { startCollector } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { createLogger } from "./logger.js";
import { noTracer } from "./tracer.js";
import { createTracing } from "./tracing.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: "acme=1" };

function recordLog() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { logger: createLogger({ level: "info", service: "test", destination }), lines };
}

describe("createTracing", () => {
  it("delivers spans of one trace to the collector, with its headers", async () => {
    await using collector = await startCollector();
    const headers = { authorization: "Bearer collector" };
    const tracing = await createTracing({ service: "round", endpoint: `${collector.url}/otel/`, headers });
    const outer = tracing.tracer.start("outer", { kind: "server", parent });
    const inner = tracing.tracer.start("inner", {
      kind: "client",
      parent: outer.context,
      attributes: { text: "a", whole: 2, part: 0.5, yes: true, list: ["b"], nothing: undefined },
    });
    inner.set({ later: "c" });
    inner.fail("upstream_error");
    inner.end();
    inner.set({ late: "d" });
    inner.fail("internal");
    inner.end();
    outer.end();
    await tracing[Symbol.asyncDispose]();

    expect(collector.requests.map(({ path }) => path)).toEqual(["/otel/v1/traces"]);
    expect(collector.requests[0]?.headers.authorization).toBe("Bearer collector");
    const [first, second] = collector.spans();
    expect(first).toMatchObject({
      service: "synod-round",
      name: "inner",
      kind: "client",
      traceId,
      failed: true,
      parentSpanId: second?.spanId,
    });
    expect(first?.attributes).toEqual({
      text: "a",
      whole: 2,
      part: 0.5,
      yes: true,
      list: ["b"],
      later: "c",
      "error.type": "upstream_error",
    });
    expect(second).toMatchObject({
      name: "outer",
      kind: "server",
      traceId,
      parentSpanId: "b7ad6b7169203331",
      tracestate: "acme=1",
      failed: false,
    });
    expect(collector.spans()).toHaveLength(2);
    expect(collector.requests[0]?.text).toMatch(/"service.version","value":\{"stringValue":"\d+\.\d+\.\d+"/);
  });

  it("names the place of a span as the standard does, in the caller's trace or a new one", async () => {
    await using collector = await startCollector();
    await using tracing = await createTracing({ service: "round", endpoint: collector.url });
    const start = (from: object) => tracing.tracer.start("x", { kind: "server", parent: from }).context;
    expect(start(parent)).toEqual({
      traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)),
      tracestate: "acme=1",
    });
    expect(start(parent).traceparent).not.toBe(parent.traceparent);
    const own = [start({}), start({ traceparent: "nonsense" })];
    for (const { traceparent } of own) {
      expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      expect(traceparent).not.toContain(traceId);
    }
    expect(own[0]).not.toEqual(own[1]);
  });

  it("delivers nothing of a trace that its caller does not record, and hands it on as such", async () => {
    await using collector = await startCollector();
    const tracing = await createTracing({ service: "round", endpoint: collector.url });
    const unrecorded = { traceparent: `00-${traceId}-b7ad6b7169203331-00` };
    const span = tracing.tracer.start("x", { kind: "server", parent: unrecorded });
    span.end();
    expect(span.context.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
    await tracing[Symbol.asyncDispose]();
    expect(collector.requests).toEqual([]);
  });

  it("says once that a collector refuses spans, and never throws", async () => {
    await using collector = await startCollector(400);
    const { logger, lines } = recordLog();
    const tracing = await createTracing({ service: "round", endpoint: collector.url, logger });
    // Two batches' worth: more than 512 are sent at once, and the rest at the end.
    for (let count = 0; count < 600; count += 1) tracing.tracer.start("x", { kind: "internal" }).end();
    await tracing[Symbol.asyncDispose]();
    expect(collector.requests).toHaveLength(2);
    expect(lines).toMatchObject([{ level: "warn", msg: "traces cannot be delivered" }]);
  });

  it("ends in bounded time though the collector is deaf", async () => {
    const sockets: Socket[] = [];
    const deaf = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
    const address = deaf.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const endpoint = `http://127.0.0.1:${address.port}`;
    const tracing = await createTracing({ service: "round", endpoint, flushMs: 50 });
    tracing.tracer.start("x", { kind: "internal" }).end();
    // The exporter itself waits for ten seconds, which is longer than this test may take.
    await tracing[Symbol.asyncDispose]();
    for (const socket of sockets) socket.destroy();
    deaf.close();
  });

  it("refuses an endpoint that is no URL", async () => {
    await expect(createTracing({ service: "round", endpoint: "collector" })).rejects.toThrow(TypeError);
  });
});

describe("noTracer", () => {
  it("hands on the caller's trace and nothing else of what it is given", () => {
    const call = { ...parent, requestId: "r" };
    const span = noTracer.start("x", { kind: "server", parent: call, attributes: { a: 1 } });
    span.set({ b: 1 });
    span.fail("internal");
    span.end();
    expect(span.context).toEqual(parent);
    expect(noTracer.start("x", { kind: "server" }).context).toEqual({});
    expect(noTracer.enabled).toBe(false);
  });
});
