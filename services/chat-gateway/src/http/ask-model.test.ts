import { create } from "@bufbuild/protobuf";
import { FinishReason, UsageSchema } from "@synod/contracts/model";
import { SpentUsageSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import type { FailureReason } from "@synod/consensus";
import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { ask, startGateway } from "../testing/gateway.js";
import { parseStream, readStream } from "../testing/read-stream.js";
import { hangs, says, textOf } from "../testing/script.js";

const path = "/v1/chat/completions";
const nothingSpent = { spent: create(SpentUsageSchema) };
const model = "groq/llama-3.3-70b-versatile";

describe("one model's whole answer", () => {
  it("has OpenAI's shape, without a consensus", async () => {
    await using house = await startGateway();
    const response = await house.post(path, ask({ model }));
    expect(response.status).toBe(200);
    expect(await bodyOf(response)).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      created: expect.any(Number),
      model,
      system_fingerprint: "synod",
      served_model: `${model}-served`,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "42", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
        cost: 0.000001,
      },
    });
    expect(house.ledger.paid).toBe(1);
  });

  it("F24: flags a usage that is estimated, streamed as well", async () => {
    const usage = create(UsageSchema, {
      inputTokens: 10n,
      outputTokens: 5n,
      costUsdNanos: 1n,
      estimated: true,
    });
    await using house = await startGateway({
      script: { model: () => ({ ...says("42"), whole: { usage } }) },
    });
    const flagged = { total_tokens: 15, estimated: true };
    expect(await bodyOf(await house.post(path, ask({ model })))).toMatchObject({ usage: flagged });
    const { chunks } = await readStream(await house.post(path, ask({ model, stream: true })));
    expect(chunks.at(-1)?.usage).toMatchObject(flagged);
    expect(house.ledger.paid).toBe(2);
  });

  it("hands over what is typed as typed, and every other field as it is", async () => {
    await using house = await startGateway();
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    const response = await house.post(
      path,
      ask({
        model,
        tools,
        temperature: 0,
        stop: ["a", "b"],
        response_format: {
          type: "json_schema",
          json_schema: { name: "n", schema: { type: "object" }, strict: true },
        },
        provider: { order: ["x"] },
        logprobs: false,
        messages: [
          { role: "user", content: "hi" },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
          },
          { role: "tool", tool_call_id: "c1", content: "done" },
        ],
      }),
    );
    expect(response.status).toBe(200);
    const [asked] = house.ledger.completions;
    expect(JSON.parse(asked?.extraJson ?? "")).toEqual({ tools, provider: { order: ["x"] } });
    expect(asked?.sampling).toMatchObject({
      temperature: 0,
      stop: ["a", "b"],
      responseFormat: { schemaName: "n", schemaJson: '{"type":"object"}', strict: true },
    });
    expect(asked?.messages[1]?.toolCalls[0]).toMatchObject({ id: "c1", name: "f", argumentsJson: "{}" });
    expect(asked?.messages[2]?.toolCallId).toBe("c1");
    expect(house.ledger.paid).toBe(1);
  });

  it("says that it is simulated when it is", async () => {
    await using house = await startGateway();
    expect(await bodyOf(await house.post(path, ask({ model: "sim/a" })))).toMatchObject({ simulated: true });
    const { chunks } = await readStream(await house.post(path, ask({ model: "sim/a", stream: true })));
    expect(chunks.at(-1)).toMatchObject({ simulated: true });
  });

  it("carries a refusal", async () => {
    const refusal = { finishReason: FinishReason.CONTENT_FILTER, refusal: "No." };
    await using house = await startGateway({ script: { model: () => refusal } });
    const { choices } = await bodyOf(await house.post(path, ask({ model })));
    expect(choices[0]).toMatchObject({
      message: { content: null, refusal: "No." },
      finish_reason: "content_filter",
    });
  });

  it("F19: carries the refusal of a provider that does not pass the question on", async () => {
    const error = new SynodError({ reason: "refused", message: "Moderated." });
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    const response = await house.post(path, ask({ model }));
    expect(response.status).toBe(200);
    expect((await bodyOf(response)).choices[0]).toMatchObject({
      message: { role: "assistant", content: null, refusal: "Moderated." },
      finish_reason: "content_filter",
    });
    const { chunks } = await readStream(await house.post(path, ask({ model, stream: true })));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(choices.map(({ delta }) => delta["refusal"]).filter(Boolean)).toEqual(["Moderated."]);
    expect(choices.at(-1)).toMatchObject({ finish_reason: "content_filter" });
    expect(house.ledger.paid).toBe(2);
  });

  const failures: readonly (readonly [FailureReason, number, string, string | null])[] = [
    ["model_not_found", 404, "invalid_request_error", null],
    ["context_length_exceeded", 400, "invalid_request_error", null],
    ["upstream_rejected", 400, "invalid_request_error", null],
    ["rate_limit_exceeded", 429, "rate_limit_error", "2"],
    ["provider_auth", 502, "upstream_error", "2"],
    ["provider_unreachable", 502, "upstream_error", "2"],
    ["upstream_error", 502, "upstream_error", "2"],
    ["invalid_upstream_response", 502, "upstream_error", "2"],
    ["empty_answer", 502, "upstream_error", "2"],
    ["provider_not_configured", 503, "upstream_error", null],
    ["provider_credit", 503, "upstream_error", null],
    ["overloaded", 503, "overloaded", "2"],
    ["service_unavailable", 503, "overloaded", "2"],
    ["storage_unavailable", 503, "overloaded", "2"],
    ["upstream_timeout", 504, "timeout", "2"],
    ["deadline_exceeded", 504, "timeout", "2"],
    ["internal", 500, "server_error", null],
  ];
  it.each(failures)("fails with %s as %i %s", async (reason, status, type, retryAfter) => {
    const retryable = retryAfter !== null;
    const error = new SynodError(
      {
        reason,
        message: "Upstream says no.",
        retryable,
        ...(retryable && { retryAfterMs: 1_500 }),
      },
      nothingSpent,
    );
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    for (const stream of [false, true]) {
      const response = await house.post(path, ask({ model, stream }));
      expect(response.status).toBe(status);
      expect(response.headers.get("x-should-retry")).toBe(String(retryable));
      expect(response.headers.get("retry-after")).toBe(retryAfter);
      const { error: told } = await bodyOf(response);
      expect(told).toMatchObject({
        type,
        code: reason,
        param: reason === "model_not_found" ? "model" : null,
      });
      expect(told.message.includes("Upstream says no.")).toBe(status !== 500);
    }
    expect(house.ledger.paid).toBe(2);
  });

  it.each([
    ["something was charged", { spent: create(SpentUsageSchema, { usage: { costUsdNanos: 1n } }) }],
    ["the call to the provider gateway broke", {}],
  ])("does not ask to be asked again where %s", async (_what, options) => {
    const wait = { reason: "rate_limit_exceeded", message: "Wait.", retryAfterMs: 1_500 } as const;
    const error = new SynodError(wait, options);
    await using house = await startGateway({ script: { model: () => ({ error }) } });
    for (const stream of [false, true]) {
      const response = await house.post(path, ask({ model, stream }));
      expect(response.status).toBe(429);
      expect(response.headers.get("x-should-retry")).toBe("false");
      expect(response.headers.get("retry-after")).toBeNull();
    }
    expect(house.ledger.paid).toBe(2);
  });

  it("F25: leaves the call when the caller leaves", async () => {
    await using house = await startGateway({ script: { model: () => hangs } });
    const leaving = new AbortController();
    const asked = house.post(path, ask({ model }), { signal: leaving.signal });
    await eventually(() => house.ledger.completions.length === 1);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => house.ledger.aborted === 1);
    await eventually(() => house.log.some((line) => line["status"] === 499));
    expect(house.ledger.paid).toBe(1);
  });

  it("waits no longer than X-Synod-Deadline-Ms says", async () => {
    await using house = await startGateway({ script: { model: () => hangs } });
    const response = await house.post(path, ask({ model }), { headers: { "x-synod-deadline-ms": "50" } });
    expect(response.status).toBe(504);
    // Whether the model was at work is not known.
    expect(response.headers.get("x-should-retry")).toBe("false");
    await eventually(() => house.ledger.aborted === 1);
    expect(house.ledger.paid).toBe(1);
  });
});

describe("one model's streamed answer", () => {
  it("is who speaks, the deltas, the finish, then the usage", async () => {
    await using house = await startGateway({ script: { model: () => says("It ", 'is "42"', "\n\u2028.") } });
    const { chunks, text, done, comments } = await readStream(
      await house.post(path, ask({ model, stream: true })),
    );
    expect(text).toBe('It is "42"\n\u2028.');
    expect(chunks[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion.chunk",
      created: expect.any(Number),
      model,
      system_fingerprint: "synod",
      choices: [{ index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }],
    });
    expect(chunks.at(-2)?.choices).toEqual([{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } });
    expect(done).toBe(true);
    expect(comments).toEqual([]);
    expect(house.ledger.paid).toBe(1);
  });

  it("ends with an error chunk and [DONE] when it fails after its first piece", async () => {
    const error = new SynodError({ reason: "upstream_error", message: "Cut off." });
    await using house = await startGateway({ script: { model: () => ({ pieces: ["It"], error }) } });
    const response = await house.post(path, ask({ model, stream: true }));
    const { chunks, text, done } = await readStream(response);
    expect(response.status).toBe(200);
    expect(text).toBe("It");
    expect(chunks.at(-1)).toEqual({
      id: chunks[0]?.id,
      object: "chat.completion.chunk",
      created: expect.any(Number),
      model,
      system_fingerprint: "synod",
      error: { code: 502, message: "Cut off." },
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
    });
    expect(done).toBe(true);
    expect(house.ledger.paid).toBe(1);
  });

  it("sends comments while the model thinks", async () => {
    await using house = await startGateway({ keepAliveMs: 15, script: { model: () => hangs } });
    const leaving = new AbortController();
    const response = await house.post(path, ask({ model, stream: true }), { signal: leaving.signal });
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let received = "";
    while (received.length < 40) received += (await reader.read()).value ?? "";
    expect(parseStream(received).comments[0]).toBe("synod waiting");
    leaving.abort();
    await eventually(() => house.ledger.aborted === 1);
    expect(house.ledger.paid).toBe(1);
  });

  it("F26: stops reading when its reader stops, and goes on with it", async () => {
    const piece = "x".repeat(64 * 1024);
    let written = 0;
    const pieces = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 400; i++) {
          written += 1;
          yield piece;
        }
      },
    };
    const script = { model: () => ({ pieces: pieces as unknown as readonly string[] }) };
    await using house = await startGateway({ script });
    const response = await house.post(path, ask({ model, stream: true }));
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    await reader.read();
    let before = -1;
    await eventually(
      () => {
        const still = written === before;
        before = written;
        return still && written > 0;
      },
      { withinMs: 3_000 },
    );
    expect(written).toBeLessThan(300);
    let bytes = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
    expect(written).toBe(400);
    expect(bytes).toBeGreaterThan(390 * piece.length);
    expect(house.ledger.paid).toBe(1);
  });

  it("leaves the call when the caller leaves", async () => {
    await using house = await startGateway({ script: { model: () => ({ pieces: ["It"], hangs: true }) } });
    const leaving = new AbortController();
    const response = await house.post(path, ask({ model, stream: true }), { signal: leaving.signal });
    await (response.body ?? new ReadableStream()).getReader().read();
    leaving.abort();
    await eventually(() => house.ledger.aborted === 1);
    expect(house.ledger.paid).toBe(1);
  });

  it("keeps the conversation byte for byte", async () => {
    await using house = await startGateway();
    const content = "\u202e\u200b\u0000\u001b[31m \ud83d\ude00 é";
    await house.post(
      path,
      ask({
        model,
        messages: [
          { role: "user", content },
          { role: "user", content: "\ud800x" },
        ],
      }),
    );
    expect(house.ledger.completions[0]?.messages.map(textOf)).toEqual([content, "\ufffdx"]);
  });
});
