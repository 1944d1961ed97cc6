import { create } from "@bufbuild/protobuf";
import { ChatResponseSchema } from "@synod/contracts/chat";
import { ResponseFormatType } from "@synod/contracts/model";
import { SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { createSynodClient } from "./create-client.js";
import { failed } from "./testing/failed.js";
import { answerOf, startHouse } from "./testing/house.js";

describe("chat", () => {
  it("asks with a text alone, and gives the answer", async () => {
    const asked: unknown[] = [];
    await using house = await startHouse({
      chat(request) {
        asked.push(request);
        return answerOf("42");
      },
    });
    const answer = await house.client.chat({ messages: "What is 6 x 7?" });
    expect(answer).toMatchObject({
      id: "chatcmpl-1",
      model: "sim/a",
      text: "42",
      message: { role: "assistant", parts: [{ type: "text", text: "42" }] },
      finishReason: "stop",
      usage: { inputTokens: 10, outputTokens: 2, costUsdNanos: 2_500_000 },
      costUsd: 0.0025,
      consensus: null,
    });
    expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(asked).toMatchObject([
      {
        model: "synod/default",
        messages: [{ parts: [{ content: { value: "What is 6 x 7?" } }] }],
        consensusJson: "",
        toolsJson: "",
      },
    ]);
    expect(house.calls).toHaveLength(1);
  });

  it("sends everything that a question can say", async () => {
    const asked: unknown[] = [];
    await using house = await startHouse({
      chat(request) {
        asked.push(request);
        return answerOf("42");
      },
    });
    const earlier = await house.client.chat({ messages: "What is 6 x 7?" });
    await house.client.chat({
      model: "groq/x",
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: "?" },
        earlier.message,
        { role: "tool", parts: [], toolCallId: "c1" },
      ],
      maxOutputTokens: 5,
      temperature: 0.5,
      seed: 7,
      stop: ["\n"],
      responseFormat: { type: "json_schema", name: "n", schemaJson: "{}", strict: true },
      consensus: { quorum: 2 },
      tools: [{ type: "function", function: { name: "f" } }],
      toolChoice: "required",
    });
    expect(asked[1]).toMatchObject({
      model: "groq/x",
      messages: [
        { parts: [{ content: { value: "Be short." } }] },
        { parts: [{ content: { value: "?" } }] },
        { parts: [{ content: { value: "42" } }] },
        { toolCallId: "c1" },
      ],
      sampling: {
        maxOutputTokens: 5,
        temperature: 0.5,
        seed: 7n,
        stop: ["\n"],
        responseFormat: { type: ResponseFormatType.JSON_SCHEMA, schemaName: "n" },
      },
      consensusJson: '{"quorum":2}',
      toolsJson: '{"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"required"}',
    });
  });

  it("sends the key, the deadline and the idempotency key in headers", async () => {
    await using house = await startHouse({ chat: () => answerOf("42") }, { apiKey: "sk-synod-1" });
    await house.client.chat({ messages: "?" }, { timeoutMs: 5_000, idempotencyKey: "order-7" });
    const [call] = house.calls;
    expect(call?.headers.get("authorization")).toBe("Bearer sk-synod-1");
    expect(call?.headers.get("idempotency-key")).toBe("order-7");
    expect(Number(call?.headers.get("connect-timeout-ms"))).toBeGreaterThan(4_000);
    expect(Number(call?.headers.get("connect-timeout-ms"))).toBeLessThanOrEqual(5_000);
  });

  it("fails as the server says", async () => {
    await using house = await startHouse({
      chat() {
        throw new SynodError(
          { reason: "quorum_not_met", message: "Two of three failed.", retryAfterMs: 1_500 },
          { metadata: { run_id: "r1" } },
        );
      },
    });
    const error = await failed(house.client.chat({ messages: "?" }));
    expect(error).toMatchObject({
      name: "SynodClientError",
      message: "Two of three failed.",
      code: "quorum_not_met",
      status: "unavailable",
      retryable: true,
      retryAfterMs: 1_500,
      runId: "r1",
      field: undefined,
    });
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(house.calls).toHaveLength(1);
  });

  it("names the field that is wrong, whoever finds it", async () => {
    await using house = await startHouse({
      chat() {
        const violation = { field: "consensus.quorum", description: "too many" };
        const failure = { reason: "invalid_value", message: "quorum is too high" } as const;
        throw new SynodError(failure, { fieldViolations: [violation] });
      },
    });
    const { client } = house;
    const wrong = { code: "invalid_value", status: "invalid_argument", retryable: false };
    expect(await failed(client.chat({ messages: "?" }))).toMatchObject({
      ...wrong,
      field: "consensus.quorum",
    });
    expect(await failed(client.chat({ messages: [] }))).toMatchObject({ ...wrong, field: "messages" });
    expect(await failed(client.chat({ messages: "?", temperature: 3 }))).toMatchObject({
      ...wrong,
      field: "sampling.temperature",
    });
    expect(await failed(client.chat({ messages: "?", seed: 0.5 }))).toMatchObject({
      ...wrong,
      field: "sampling.seed",
    });
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    expect(await failed(client.chat({ messages: "?", consensus: circular }))).toMatchObject(wrong);
    expect(house.calls).toHaveLength(1);
  });

  it("ends when its signal fires, and the server's work with it", async () => {
    const begun = createGate();
    let ended = false;
    await using house = await startHouse({
      async chat(_request, context) {
        context.signal.addEventListener("abort", () => (ended = true));
        begun.open();
        await new Promise(() => undefined);
        return answerOf("never");
      },
    });
    const leaving = new AbortController();
    const asked = failed(house.client.chat({ messages: "?" }, { signal: leaving.signal }));
    await begun.opened;
    leaving.abort(new Error("my own reason"));
    expect(await asked).toMatchObject({ code: "canceled", retryable: false });
    await eventually(() => ended);
    expect(await failed(house.client.chat({ messages: "?" }, { signal: leaving.signal }))).toMatchObject({
      code: "canceled",
    });
    expect(house.calls).toHaveLength(1);
  });

  it("gives up when the time is over, and calls that again only where nothing can be paid", async () => {
    const fetch: typeof globalThis.fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error));
      });
    const client = createSynodClient({ baseUrl: "http://127.0.0.1:1", fetch, timeoutMs: 50 });
    for (const [calling, retryable] of [
      [client.chat({ messages: "?" }), false],
      [client.chat({ messages: "?" }, { idempotencyKey: "k" }), false],
      [client.streamChat({ messages: "?" }).next(), false],
      [client.listModels(), true],
    ] as const) {
      expect(await failed(calling)).toMatchObject({ code: "deadline_exceeded", retryable });
    }
  });

  it("cannot be used with an answer that is none", async () => {
    await using house = await startHouse({ chat: () => create(ChatResponseSchema) });
    const error = await failed(house.client.chat({ messages: "?" }));
    expect(error).toMatchObject({ code: "invalid_response", retryable: false });
    expect(error.message).toContain("message: is unset");
  });
});
