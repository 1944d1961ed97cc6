import { type CollectedSpan, eventually, startCollector } from "@synod/testing";
import { createTracing } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { ask, type GatewayOptions, startGateway, type TestGateway } from "../testing/gateway.js";
import { hangs, says } from "../testing/script.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const callersSpan = "b7ad6b7169203331";
const traceparent = `00-${traceId}-${callersSpan}-01`;
const path = "/v1/chat/completions";

/** Traces what a test does with a gateway, once `count` requests over HTTP are answered. */
async function traced(
  count: number,
  play: (house: TestGateway) => Promise<unknown>,
  options: GatewayOptions = {},
) {
  await using collector = await startCollector();
  const tracing = await createTracing({ service: "test", endpoint: collector.url });
  let paid = 0;
  {
    await using house = await startGateway({ ...options, tracer: tracing.tracer });
    await play(house);
    const answered = () => house.log.filter(({ msg }) => msg === "request").length;
    await eventually(() => answered() === count, { what: "the requests are answered" });
    paid = house.ledger.paid;
  }
  await tracing[Symbol.asyncDispose]();
  const spans = collector.spans().filter((span) => !isOfStart(span));
  return { spans, paid, text: collector.requests.map(({ text }) => text).join("\n") };
}

/** What the gateway asks by itself when it starts belongs to no request. */
const isOfStart = ({ name, parentSpanId }: CollectedSpan) =>
  parentSpanId === undefined && name.startsWith("synod.provider.v1.");

const named = (spans: readonly CollectedSpan[], name: string) => spans.find((span) => span.name === name);

describe("the trace of a request", () => {
  it("begins at its caller's, holds the run below it, and the services' calls below the run", async () => {
    const { spans, paid } = await traced(1, (house) =>
      house.post(path, ask(), { headers: { traceparent, tracestate: "a=1" } }),
    );
    const request = named(spans, `POST ${path}`);
    expect(request).toEqual({
      service: "synod-test",
      name: "POST /v1/chat/completions",
      kind: "server",
      traceId,
      spanId: expect.any(String),
      parentSpanId: callersSpan,
      tracestate: "a=1",
      attributes: {
        "http.request.method": "POST",
        "http.route": "/v1/chat/completions",
        "http.response.status_code": 200,
      },
      failed: false,
    });
    const run = named(spans, "run");
    expect(run).toMatchObject({ kind: "internal", traceId, parentSpanId: request?.spanId, failed: false });
    expect(run?.attributes).toEqual({
      "synod.run_id": expect.any(String),
      "synod.preset": "default",
      "synod.strategy": "majority",
      "synod.outcome": "completed",
      "synod.stopped": "complete",
      "synod.rounds": 1,
      "synod.calls": 3,
    });
    const round = named(spans, "synod.round.v1.RoundService/RunRound");
    expect(round).toMatchObject({ traceId, parentSpanId: run?.spanId, tracestate: "a=1" });
    const aggregation = named(spans, "synod.aggregation.v1.AggregationService/Aggregate");
    expect(aggregation).toMatchObject({ traceId, parentSpanId: run?.spanId });
    expect(spans).toHaveLength(4);
    expect(paid).toBe(3);
  });

  it.each([
    ["one model", ask({ model: "sim/a" }), "synod.provider.v1.ProviderService/Complete"],
    [
      "one model's stream",
      ask({ model: "sim/a", stream: true }),
      "synod.provider.v1.ProviderService/StreamCompletion",
    ],
  ])("holds the call to %s", async (_, body, call) => {
    const { spans, paid } = await traced(1, (house) =>
      house.post(path, body, { headers: { traceparent } }).then((answer) => answer.text()),
    );
    const request = named(spans, `POST ${path}`);
    expect(named(spans, call)).toMatchObject({ traceId, parentSpanId: request?.spanId });
    expect(spans).toHaveLength(2);
    expect(paid).toBe(1);
  });

  it("holds the list of models", async () => {
    const { spans } = await traced(2, async (house) => {
      await fetch(`${house.url}/v1/models`);
      await fetch(`${house.url}/v1/models/no-such`, { headers: { traceparent: "nonsense" } });
    });
    const list = named(spans, "GET /v1/models");
    expect(list?.parentSpanId).toBe(undefined);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === list?.spanId)).toMatchObject([
      { name: "synod.provider.v1.ProviderService/ListModels", traceId: list?.traceId },
    ]);
    const one = named(spans, "GET /v1/models/{id}");
    expect(one).toMatchObject({ failed: false, parentSpanId: undefined });
    expect(one?.attributes).toMatchObject({
      "http.response.status_code": 404,
      "error.type": "model_not_found",
    });
    expect(one?.traceId).not.toBe(list?.traceId);
  });

  it("is the same over RPC, without one over HTTP", async () => {
    const { spans, paid } = await traced(0, (house) =>
      house.chat.chat(
        {
          model: "synod/default",
          messages: [{ role: 1, parts: [{ content: { case: "text", value: "?" } }] }],
        },
        { headers: { traceparent } },
      ),
    );
    const call = named(spans, "synod.chat.v1.ChatService/Chat");
    const run = named(spans, "run");
    expect(call).toMatchObject({ traceId, parentSpanId: callersSpan });
    expect(run).toMatchObject({ traceId, parentSpanId: call?.spanId });
    expect(named(spans, "synod.round.v1.RoundService/RunRound")).toMatchObject({ parentSpanId: run?.spanId });
    expect(paid).toBe(3);
  });

  it("says what failed, by codes alone", async () => {
    const failure = { reason: "upstream_error", message: "canary of the failure", retryable: true } as const;
    const { spans, text } = await traced(1, (house) => house.post(path, ask()), {
      script: { member: () => ({ ...says(""), failure }) },
    });
    expect(named(spans, "run")).toMatchObject({
      failed: true,
      attributes: { "synod.outcome": "failed", "error.type": "all_models_failed" },
    });
    expect(named(spans, `POST ${path}`)).toMatchObject({
      failed: true,
      attributes: { "http.response.status_code": 502, "error.type": "502" },
    });
    expect(text).not.toContain("canary");
  });

  it("ends when its caller leaves", async () => {
    const caller = new AbortController();
    const { spans } = await traced(
      1,
      async (house) => {
        const asked = house.post(path, ask(), { signal: caller.signal }).catch(() => undefined);
        await eventually(() => house.ledger.paid === 3, { what: "the panel is asked" });
        caller.abort();
        await asked;
        await eventually(() => house.ledger.aborted === 3, { what: "the panel is left" });
      },
      { script: { member: () => hangs } },
    );
    expect(named(spans, `POST ${path}`)?.attributes).toMatchObject({ "http.response.status_code": 499 });
    expect(named(spans, "run")).toMatchObject({
      failed: false,
      attributes: { "synod.outcome": "cancelled" },
    });
  });

  it("holds no key, text, path or header of the caller, and nothing of strangers", async () => {
    const { spans, paid, text } = await traced(
      3,
      async (house) => {
        const headers = {
          authorization: "Bearer canary-key",
          "x-request-id": "canary-id",
          "user-agent": "canary-agent",
        };
        const body = ask({ messages: [{ role: "user", content: "canary prompt" }], stop: "canary stop" });
        await house.post(path, body, { headers });
        await fetch(`${house.url}/canary-path?canary=query`, { headers });
        await house.post(path, body, { headers: { traceparent } });
      },
      { apiKeys: ["canary-key"], script: { member: () => says("canary answer") } },
    );
    expect(spans.map(({ name }) => name).toSorted()).toEqual([
      "GET",
      `POST ${path}`,
      "run",
      "synod.aggregation.v1.AggregationService/Aggregate",
      "synod.round.v1.RoundService/RunRound",
    ]);
    expect(named(spans, "GET")?.attributes).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": 404,
      "error.type": "not_found",
    });
    expect(text).not.toContain("canary");
    expect(text).not.toContain(traceId);
    expect(paid).toBe(3);
  });
});
