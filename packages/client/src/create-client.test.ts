import { setTimeout as sleep } from "node:timers/promises";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { RunEvent } from "@synod/consensus";
import {
  ChatResponseSchema,
  type ListRunsRequest,
  type Run as ProtoRun,
  RunSchema,
  RunStatus,
} from "@synod/contracts/chat";
import { ResponseFormatType } from "@synod/contracts/model";
import { SynodError } from "@synod/rpc";
import { createGate, eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { SynodClientError } from "./error.js";
import type { ChatEvent } from "./events.js";
import { answerOf, eventOf, type Handlers, startHouse } from "./testing/house.js";

const failed = (promise: Promise<unknown>): Promise<SynodClientError> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => {
      if (error instanceof SynodClientError) return error;
      throw error;
    },
  );

const roundStarted: RunEvent = { type: "round_started", round: 1, regeneration: 0, voters: 3 };

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
    await house.client.chat({ messages: "?" }, { timeoutMs: 5_000, idempotencyKey: "order 7" });
    const [call] = house.calls;
    expect(call?.headers.get("authorization")).toBe("Bearer sk-synod-1");
    expect(call?.headers.get("idempotency-key")).toBe("order 7");
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

  it("gives up when the time is over", async () => {
    await using house = await startHouse({ chat: () => new Promise(() => undefined) });
    expect(await failed(house.client.chat({ messages: "?" }, { timeoutMs: 50 }))).toMatchObject({
      code: "deadline_exceeded",
      retryable: true,
    });
  });

  it("cannot be used with an answer that is none", async () => {
    await using house = await startHouse({ chat: () => create(ChatResponseSchema) });
    const error = await failed(house.client.chat({ messages: "?" }));
    expect(error).toMatchObject({ code: "invalid_response", retryable: false });
    expect(error.message).toContain("message: is unset");
  });
});

describe("streamChat", () => {
  const streaming: Handlers = {
    async *streamChat() {
      yield { event: { case: "runEvent", value: eventOf(1, roundStarted) } };
      yield { event: { case: "delta", value: { text: "4" } } };
      yield { event: { case: "delta", value: { text: "2" } } };
      yield { event: { case: "finished", value: { response: answerOf("42") } } };
    },
  };

  it("gives what happens, then the answer", async () => {
    await using house = await startHouse(streaming);
    const seen: ChatEvent[] = [];
    for await (const event of house.client.streamChat({ messages: "?" })) seen.push(event);
    expect(seen).toMatchObject([
      {
        type: "run_event",
        logged: { runId: "r1", seq: 1, createTime: new Date(1_000), event: roundStarted },
      },
      { type: "delta", text: "4" },
      { type: "delta", text: "2" },
      { type: "finished", answer: { text: "42", requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    ]);
  });

  it("leaves out what only a newer version knows", async () => {
    await using house = await startHouse({
      async *streamChat() {
        const newer = eventOf(1, roundStarted);
        newer.event = { case: undefined };
        yield { event: { case: "runEvent", value: newer } };
        yield { event: { case: "finished", value: { response: answerOf("42") } } };
      },
    });
    const seen: ChatEvent[] = [];
    for await (const event of house.client.streamChat({ messages: "?" })) seen.push(event);
    expect(seen).toMatchObject([
      { type: "run_event", logged: { seq: 1, event: { type: "unknown" } } },
      { type: "finished" },
    ]);
  });

  it("is cancelled by leaving the loop, which no other loop notices", async () => {
    const ended: string[] = [];
    await using house = await startHouse({
      async *streamChat(request, context) {
        const name = request.chat?.model ?? "";
        context.signal.addEventListener("abort", () => ended.push(name));
        for (;;) {
          yield { event: { case: "delta", value: { text: "more " } } };
          await sleep(1);
        }
      },
    });
    const other = house.client.streamChat({ model: "sim/other", messages: "?" });
    await other.next();
    for await (const event of house.client.streamChat({ model: "sim/left", messages: "?" })) {
      expect(event.type).toBe("delta");
      break;
    }
    await eventually(() => ended.includes("sim/left"));
    expect((await other.next()).done).toBe(false);
    expect(ended).toEqual(["sim/left"]);
    await other.return?.();
    await eventually(() => ended.length === 2);
    expect(await other.next()).toEqual({ done: true, value: undefined });
  });

  it("is cancelled by leaving it while it waits", async () => {
    const begun = createGate();
    let ended = false;
    await using house = await startHouse({
      // eslint-disable-next-line require-yield
      async *streamChat(_request, context) {
        context.signal.addEventListener("abort", () => (ended = true));
        begun.open();
        await new Promise(() => undefined);
      },
    });
    const events = house.client.streamChat({ messages: "?" });
    const waiting = events.next();
    await begun.opened;
    await events.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await eventually(() => ended);
  });

  it("ends with an error when the run fails after a part", async () => {
    await using house = await startHouse({
      async *streamChat() {
        yield { event: { case: "delta", value: { text: "It is" } } };
        throw new SynodError({ reason: "aggregator_unavailable", message: "It broke off." });
      },
    });
    const events = house.client.streamChat({ messages: "?" }, { retries: 3 });
    expect((await events.next()).value).toEqual({ type: "delta", text: "It is" });
    expect(await failed(events.next())).toMatchObject({ code: "aggregator_unavailable" });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(house.calls).toHaveLength(1);
  });
});

describe("retries", () => {
  const failingTimes = (times: number, reason: "overloaded" | "internal"): Handlers => {
    let before = 0;
    const fail = (): void => {
      before += 1;
      if (before <= times) throw new SynodError({ reason, message: "Not now.", retryAfterMs: 1 });
    };
    return {
      chat() {
        fail();
        return answerOf("42");
      },
      async *streamChat() {
        fail();
        yield { event: { case: "finished", value: { response: answerOf("42") } } };
      },
    };
  };

  it("are made as often as is said, of what can succeed later", async () => {
    await using house = await startHouse(failingTimes(2, "overloaded"), { retries: 2 });
    expect((await house.client.chat({ messages: "?" })).text).toBe("42");
    expect(house.calls).toHaveLength(3);
  });

  it("end with the last error", async () => {
    await using house = await startHouse(failingTimes(9, "overloaded"));
    expect(await failed(house.client.chat({ messages: "?" }, { retries: 1 }))).toMatchObject({
      code: "overloaded",
    });
    expect(house.calls).toHaveLength(2);
  });

  it("begin a stream again of which nothing has come", async () => {
    await using house = await startHouse(failingTimes(1, "overloaded"));
    const events = house.client.streamChat({ messages: "?" }, { retries: 1 });
    expect((await events.next()).value).toMatchObject({ type: "finished" });
    expect(house.calls).toHaveLength(2);
  });

  it("are not made of what fails again, nor beyond the time", async () => {
    await using house = await startHouse(failingTimes(9, "internal"));
    expect(await failed(house.client.chat({ messages: "?" }, { retries: 3 }))).toMatchObject({
      code: "internal",
    });
    expect(house.calls).toHaveLength(1);
    const late = new SynodError({ reason: "overloaded", message: "Later.", retryAfterMs: 60_000 });
    await using slow = await startHouse({ chat: () => Promise.reject(late) });
    expect(await failed(slow.client.chat({ messages: "?" }, { retries: 3, timeoutMs: 5_000 }))).toMatchObject(
      {
        code: "overloaded",
        retryAfterMs: 60_000,
      },
    );
    expect(slow.calls).toHaveLength(1);
  });

  it("refuse a number that is none", async () => {
    await using house = await startHouse({ chat: () => answerOf("42") });
    const { client } = house;
    expect(await failed(client.chat({ messages: "?" }, { retries: -1 }))).toMatchObject({ field: "retries" });
    expect(await failed(client.chat({ messages: "?" }, { timeoutMs: 0 }))).toMatchObject({
      field: "timeoutMs",
    });
    expect(house.calls).toEqual([]);
  });
});

const run = (runId: string, more: MessageInitShape<typeof RunSchema> = {}): ProtoRun =>
  create(RunSchema, {
    runId,
    preset: "default",
    status: RunStatus.COMPLETED,
    createTime: timestampFromMs(1_000),
    ...more,
  });

describe("runs", () => {
  it("are read, with what is unset as null", async () => {
    const whole = run("r1", {
      status: RunStatus.RUNNING,
      eventCount: 4,
      idempotencyKey: "k",
      requestJson: "{}",
      answer: { message: answerOf("42").message ?? {}, usage: {} },
      failure: { message: "Broken.", retryable: true },
      consensus: { runId: "r1", strategy: "majority", usage: { costUsdNanos: 5n } },
      finishTime: timestampFromMs(2_500),
    });
    await using house = await startHouse({
      getRun: ({ runId }) => ({ run: runId === "r1" ? whole : run(runId) }),
      cancelRun: ({ runId }) => ({ run: run(runId, { status: RunStatus.CANCELLED }) }),
    });
    expect(await house.client.getRun("r1")).toMatchObject({
      runId: "r1",
      status: "running",
      createTime: new Date(1_000),
      finishTime: new Date(2_500),
      eventCount: 4,
      idempotencyKey: "k",
      requestJson: "{}",
      answer: { text: "42" },
      failure: { reason: "internal", message: "Broken." },
      consensus: { runId: "r1", strategy: "majority", costUsd: 5e-9, agreement: null },
    });
    expect(await house.client.getRun("r2")).toEqual({
      runId: "r2",
      preset: "default",
      status: "completed",
      incomplete: false,
      createTime: new Date(1_000),
      finishTime: null,
      eventCount: 0,
      idempotencyKey: null,
      requestJson: null,
      answer: null,
      failure: null,
      consensus: null,
    });
    expect((await house.client.cancelRun("r3")).status).toBe("cancelled");
  });

  it("are listed page by page, as far as the loop goes", async () => {
    const asked: ListRunsRequest[] = [];
    await using house = await startHouse({
      listRuns(request) {
        asked.push(request);
        const page = request.cursor === "" ? 1 : Number(request.cursor);
        return { runs: [run(`r${page}a`), run(`r${page}b`)], nextCursor: page < 3 ? `${page + 1}` : "" };
      },
    });
    const filter = {
      status: "failed",
      preset: "p",
      since: new Date(1),
      before: new Date(2),
      limit: 2,
    } as const;
    const first = await house.client.listRuns(filter);
    expect(first).toMatchObject({ runs: [{ runId: "r1a" }, { runId: "r1b" }], nextCursor: "2" });
    expect(asked[0]).toMatchObject({
      status: RunStatus.FAILED,
      preset: "p",
      since: timestampFromMs(1),
      before: timestampFromMs(2),
      limit: 2,
    });
    const ids: string[] = [];
    for await (const { runId } of house.client.allRuns()) ids.push(runId);
    expect(ids).toEqual(["r1a", "r1b", "r2a", "r2b", "r3a", "r3b"]);
    asked.length = 0;
    for await (const { runId } of house.client.allRuns({ cursor: "2" })) if (runId === "r2b") break;
    expect(asked.map(({ cursor }) => cursor)).toEqual(["2"]);
  });
});

it("lists what can be asked", async () => {
  await using house = await startHouse({
    listModels: () => ({
      models: [
        { id: "synod/default", owner: "synod" },
        { id: "groq/x", owner: "groq", created: 1_700_000_000n, contextTokens: 131_072n },
      ],
    }),
  });
  expect(await house.client.listModels()).toEqual([
    { id: "synod/default", owner: "synod", createTime: null, contextTokens: null },
    { id: "groq/x", owner: "groq", createTime: new Date(1_700_000_000_000), contextTokens: 131_072 },
  ]);
});
