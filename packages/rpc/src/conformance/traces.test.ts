import { startCollector } from "@synod/testing";
import { createTracing } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { callContext, outgoingOptions } from "../context/call-context.js";
import { SynodError } from "../errors/synod-error.js";
import { fired } from "../testing/gate.js";
import { type House, ways } from "../testing/houses.js";
import { answer, piece, pieceTexts, question } from "../testing/questions.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const service = "synod.provider.v1.ProviderService";

async function startTraces() {
  const collector = await startCollector();
  const tracing = await createTracing({ service: "test", endpoint: collector.url });
  return {
    middleware: { tracer: tracing.tracer },
    /** Everything that was traced; nothing is afterwards. */
    async finish() {
      await tracing[Symbol.asyncDispose]();
      return collector.spans();
    },
    text: () => collector.requests.map(({ text }) => text).join("\n"),
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}

/** Waits until a house has counted so many ended calls: then their spans have ended too. */
const ended = (house: House, method: string, count: number) =>
  until(`${count} calls of ${method} have ended`, async () => {
    const metrics = (await house.recorder.metrics.text()).split("\n");
    const lines = metrics.filter(
      (line) => line.startsWith("synod_rpc_calls_total") && line.includes(`method="${method}"`),
    );
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0) === count;
  });

describe.each(ways)("$name: traces", ({ open }) => {
  it("have a span for each call, below the caller's, on and on", async () => {
    await using traces = await startTraces();
    const { middleware } = traces;
    await using inner = await open({ complete: () => answer("x") }, { middleware });
    await using outer = await open(
      {
        complete: (_, context) => inner.client.complete(question("inner"), callContext(context).outgoing()),
      },
      { middleware },
    );
    await outer.client.complete(question("x"), outgoingOptions({ traceparent, tracestate: "a=1" }));
    await ended(outer, "Complete", 1);
    const spans = await traces.finish();
    const first = spans.find(({ parentSpanId }) => parentSpanId === "b7ad6b7169203331");
    const second = spans.find((span) => span !== first);
    expect(first).toEqual({
      service: "synod-test",
      name: `${service}/Complete`,
      kind: "server",
      traceId,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentSpanId: "b7ad6b7169203331",
      tracestate: "a=1",
      attributes: { "rpc.system.name": "connectrpc", "rpc.method": `${service}/Complete` },
      failed: false,
    });
    expect(second).toMatchObject({ traceId, parentSpanId: first?.spanId, tracestate: "a=1" });
    expect(spans).toHaveLength(2);
  });

  it("begin anew where the caller has none, or one of another form", async () => {
    await using traces = await startTraces();
    const { middleware } = traces;
    await using house = await open({ complete: () => answer("x") }, { middleware });
    await house.client.complete(question("x"));
    await house.client.complete(question("x"), { headers: { traceparent: "nonsense" } });
    await ended(house, "Complete", 2);
    const spans = await traces.finish();
    expect(spans.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined]);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(2);
  });

  it("end a stream's span with the stream, however it ends", async () => {
    await using traces = await startTraces();
    const { middleware } = traces;
    await using house = await open(
      {
        async *streamCompletion(request, { signal }) {
          yield piece("first");
          if (request.completion?.model === "test/broken") {
            throw new SynodError({ reason: "upstream_error", message: "cut" });
          }
          if (request.completion?.model === "test/endless") await fired(signal);
        },
      },
      { middleware },
    );
    const ask = (model: string, options = {}) =>
      house.client.streamCompletion({ completion: { ...question("x").completion, model } }, options);
    await pieceTexts(ask("test/whole"));
    await thrownBy(pieceTexts(ask("test/broken")));
    for await (const _ of ask("test/endless")) break;
    await thrownBy(pieceTexts(ask("test/endless", { timeoutMs: 100 })));
    await ended(house, "StreamCompletion", 4);
    const spans = await traces.finish();
    const ends = spans.map(({ failed, attributes }) => ({
      failed,
      code: attributes["rpc.status_code"],
      type: attributes["error.type"],
    }));
    expect(ends).toHaveLength(4);
    expect(ends).toEqual(
      expect.arrayContaining([
        { failed: false, code: undefined, type: undefined },
        { failed: true, code: "unavailable", type: "upstream_error" },
        { failed: false, code: "canceled", type: "canceled" },
        { failed: true, code: "deadline_exceeded", type: "deadline_exceeded" },
      ]),
    );
  });

  it("say why a call failed, by its reason alone, and blame no server for its caller", async () => {
    await using traces = await startTraces();
    const { middleware } = traces;
    const thrown: Record<string, Error> = {
      "test/refused": new SynodError({ reason: "invalid_value", message: "canary of the message" }),
      "test/defect": new Error("canary of the defect"),
    };
    await using house = await open(
      { complete: ({ completion }) => Promise.reject(thrown[completion?.model ?? ""]) },
      { middleware },
    );
    const headers = {
      "x-request-id": "canary-of-the-id",
      "idempotency-key": "canary-of-the-key",
      authorization: "Bearer canary",
      "x-synod-caller": "canary-of-the-caller",
    };
    for (const model of Object.keys(thrown)) {
      const completion = { ...question("canary of the prompt").completion, model };
      await thrownBy(house.client.complete({ completion }, { headers }));
    }
    await ended(house, "Complete", 2);
    const spans = await traces.finish();
    expect(spans.map(({ failed, attributes }) => ({ failed, ...attributes }))).toMatchObject([
      { failed: false, "rpc.status_code": "invalid_argument", "error.type": "invalid_value" },
      { failed: true, "rpc.status_code": "internal", "error.type": "internal" },
    ]);
    expect(traces.text()).not.toContain("canary");
  });

  it("hold nothing of strangers who are turned away", async () => {
    await using traces = await startTraces();
    const middleware = { ...traces.middleware, innerToken: "right" };
    await using house = await open({ complete: () => answer("x") }, { middleware });
    await thrownBy(house.client.complete(question("x")));
    await ended(house, "Complete", 1);
    expect(await traces.finish()).toEqual([]);
  });
});
