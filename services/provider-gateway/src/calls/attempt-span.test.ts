import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { FinishReason, UsageSchema } from "@synod/contracts/model";
import { CompletionRequestSchema } from "@synod/contracts/provider";
import { startCollector } from "@synod/testing";
import { createTracing, noTracer } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { callerLeft, invalidResponse } from "../providers/provider-error.js";
import { AttemptSpan, type AttemptSpanOptions } from "./attempt-span.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
const key = "sk-canary-0123456789";
const target: AttemptSpanOptions["target"] = {
  model: "acme/one",
  provider: {
    id: "mine",
    simulated: false,
    codec: { kind: "openrouter" },
    settings: { baseUrl: `https://canary-user:${key}@llm.example/canary-path/v1?canary=1` },
    withoutKeys: (text) => text.replaceAll(key, "[hidden]"),
  },
};
const usage = create(UsageSchema, {
  inputTokens: 12n,
  outputTokens: 30n,
  reasoningTokens: 20n,
  costUsdNanos: 1_500_000n,
});
const whole = { finishReason: FinishReason.LENGTH, servedModel: "acme/one-0613", completionId: "gen-1" };

/** Traces one upstream call and gives back its span, and everything that was sent. */
async function traced(
  play: (span: AttemptSpan) => void,
  changes: Partial<Omit<AttemptSpanOptions, "request">> = {},
  request: MessageInitShape<typeof CompletionRequestSchema> = {},
) {
  await using collector = await startCollector();
  const tracing = await createTracing({ service: "provider", endpoint: collector.url });
  const span = AttemptSpan.start({
    tracer: tracing.tracer,
    parent,
    target,
    request: create(CompletionRequestSchema, request),
    attempt: 2,
    keyIndex: 1,
    ...changes,
  });
  if (span === undefined) throw new Error("nothing is traced");
  play(span);
  await tracing[Symbol.asyncDispose]();
  const [collected, ...others] = collector.spans();
  expect(others).toEqual([]);
  return { ...collected, text: collector.requests.map(({ text }) => text).join("\n") };
}

describe("the span of an upstream call", () => {
  it("says what was asked, where, and what came of it", async () => {
    const sampling = {
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      seed: 7n,
      frequencyPenalty: 0.1,
      presencePenalty: -1,
    };
    const span = await traced(
      (call) => {
        call.firstToken();
        call.answered(usage, whole);
      },
      {},
      { sampling },
    );
    expect(span).toMatchObject({
      name: "chat acme/one",
      kind: "client",
      traceId,
      parentSpanId: "b7ad6b7169203331",
      failed: false,
    });
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openrouter",
      "gen_ai.request.model": "acme/one",
      "gen_ai.request.stream": true,
      "gen_ai.request.max_tokens": 100,
      "gen_ai.request.temperature": 0.5,
      "gen_ai.request.top_p": 0.9,
      "gen_ai.request.seed": 7,
      "gen_ai.request.frequency_penalty": 0.1,
      "gen_ai.request.presence_penalty": -1,
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
      "gen_ai.response.finish_reasons": ["length"],
      "gen_ai.response.model": "acme/one-0613",
      "gen_ai.response.id": "gen-1",
      "gen_ai.usage.input_tokens": 12,
      "gen_ai.usage.output_tokens": 30,
      "gen_ai.usage.reasoning.output_tokens": 20,
      "server.address": "llm.example",
      "server.port": 443,
      "synod.provider": "mine",
      "synod.attempt": 2,
      "synod.key": 1,
      "synod.cost_usd": 0.0015,
    });
  });

  it("says why it failed, by reason and status", async () => {
    const none = create(UsageSchema, { estimated: true });
    const error = { ...invalidResponse("canary message"), httpStatus: 502 };
    const span = await traced((call) => call.failed(error, none));
    expect(span.failed).toBe(true);
    expect(span.attributes).toMatchObject({
      "error.type": "invalid_upstream_response",
      "synod.upstream_status": 502,
      "gen_ai.usage.output_tokens": 0,
      "synod.usage_estimated": true,
    });
    expect(span.text).not.toContain("canary");
  });

  it("has not failed when its caller left", async () => {
    const span = await traced((call) => call.failed(callerLeft(), usage));
    expect(span.failed).toBe(false);
    expect(span.attributes).toMatchObject({ "error.type": "canceled", "gen_ai.usage.input_tokens": 12 });
  });

  it("names a text completion, a port, a simulated provider", async () => {
    const settings = { baseUrl: "http://127.0.0.1:4010/v1" };
    const provider = { ...target.provider, settings, simulated: true };
    const span = await traced(
      (call) => call.answered(usage, whole),
      { target: { ...target, provider } },
      { prompt: "canary" },
    );
    expect(span.name).toBe("text_completion acme/one");
    expect(span.attributes).toMatchObject({
      "gen_ai.operation.name": "text_completion",
      "server.address": "127.0.0.1",
      "server.port": 4010,
      "synod.simulated": true,
    });
    expect(span.text).not.toContain("canary");
  });

  it("holds no key, no address beyond the host, and no text, whatever the provider answers", async () => {
    const echo = {
      finishReason: FinishReason.STOP,
      servedModel: `x-${key}`,
      completionId: "You said: canary",
    };
    const request = {
      messages: [{ parts: [{ content: { case: "text" as const, value: "canary prompt" } }] }],
      sampling: { stop: ["canary stop"] },
      extraJson: '{"user":"canary"}',
    };
    const span = await traced((call) => call.answered(usage, echo), {}, request);
    expect(span.attributes).toMatchObject({ "gen_ai.response.model": "x-[hidden]" });
    expect(span.attributes).not.toHaveProperty(["gen_ai.response.id"]);
    expect(span.text).not.toContain("canary");
  });

  it("is none where nothing is traced", () => {
    const request = create(CompletionRequestSchema);
    expect(AttemptSpan.start({ tracer: noTracer, parent, target, request, attempt: 1, keyIndex: 1 })).toBe(
      undefined,
    );
  });
});
