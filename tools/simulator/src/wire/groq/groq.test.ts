import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { startSimulator } from "../../simulator.js";
import { ask, chat, chatUrl, KEY } from "../../testing/ask.js";
import { call, sseData } from "../../testing/http-client.js";

const simulator = await startSimulator({ latency: "off", standIns: true });
afterAll(() => simulator[Symbol.asyncDispose]());
beforeEach(() => simulator.control.reset());

const MODEL = "llama-3.3-70b-versatile";

const usage = z.strictObject({
  queue_time: z.number(),
  prompt_tokens: z.int().positive(),
  prompt_time: z.number(),
  completion_tokens: z.int().positive(),
  completion_time: z.number(),
  total_tokens: z.int().positive(),
  total_time: z.number(),
});

const envelope = {
  id: z.string().regex(/^chatcmpl-[\da-f-]{36}$/),
  created: z.int(),
  model: z.string(),
  system_fingerprint: z.literal("fp_simulation"),
};

const requestId = z.string().regex(/^req_01\w{24}$/);

const completion = z.strictObject({
  ...envelope,
  object: z.literal("chat.completion"),
  choices: z.tuple([
    z.strictObject({
      index: z.literal(0),
      message: z.strictObject({ role: z.literal("assistant"), content: z.string() }),
      logprobs: z.null(),
      finish_reason: z.string(),
    }),
  ]),
  usage,
  usage_breakdown: z.null(),
  x_groq: z.strictObject({ id: requestId, seed: z.int() }),
  service_tier: z.literal("on_demand"),
});

const chunk = z.strictObject({
  ...envelope,
  object: z.literal("chat.completion.chunk"),
  choices: z.tuple([
    z.strictObject({
      index: z.literal(0),
      delta: z.strictObject({ role: z.literal("assistant").optional(), content: z.string().optional() }),
      logprobs: z.null(),
      finish_reason: z.string().nullable(),
    }),
  ]),
  x_groq: z.strictObject({ id: requestId, seed: z.int().optional(), usage: usage.optional() }).optional(),
  usage: usage.optional(),
});

describe("a chat completion", () => {
  test("has Groq's shape, headers and times", async () => {
    const reply = await ask(simulator, "groq", chat(MODEL, undefined, { seed: 7 }));
    const body = completion.parse(JSON.parse(reply.text));
    expect(body.x_groq.seed).toBe(7);
    expect(body.choices[0].message.content).toMatch(/\n\nAnswer: 42$/);
    expect(body.usage.total_time).toBeCloseTo(body.usage.prompt_time + body.usage.completion_time, 8);
    expect(reply.headers).toMatchObject({
      "x-request-id": body.x_groq.id,
      "x-groq-region": "simulation",
      "x-ratelimit-limit-requests": "1000",
      "x-ratelimit-limit-tokens": "12000",
      "x-ratelimit-remaining-requests": expect.stringMatching(/^\d+$/),
      "x-ratelimit-remaining-tokens": expect.stringMatching(/^\d+$/),
      "x-ratelimit-reset-requests": expect.stringMatching(/^(\d+h)?(\d+m)?[\d.]+m?s$/),
      "x-ratelimit-reset-tokens": expect.stringMatching(/^[\d.]+m?s$/),
    });
    expect(reply.headers["retry-after"]).toBeUndefined();
    expect(simulator.control.ledger()).toHaveLength(1);
  });

  test("streams with usage in the chunk that finishes, and sends no comments", async () => {
    const reply = await ask(simulator, "groq", chat(MODEL, undefined, { stream: true }));
    expect(reply.text.startsWith("data: {")).toBe(true);
    expect(reply.text.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
    const chunks = sseData(reply.text).map((data) => chunk.parse(data));
    const [first, ...others] = chunks;
    expect(first).toMatchObject({
      choices: [{ delta: { role: "assistant", content: "" } }],
      x_groq: { seed: expect.any(Number) },
    });
    const last = others.pop();
    expect(others.every((middle) => middle.x_groq === undefined && middle.usage === undefined)).toBe(true);
    expect(last?.choices[0]).toMatchObject({ delta: {}, finish_reason: "stop" });
    expect(last?.usage).toEqual(last?.x_groq?.usage);
    expect(last?.usage?.completion_tokens).toBe(others.length);
  });
});

describe("what Groq refuses", () => {
  const hi = [{ role: "user", content: "Hi" }];
  test.each([
    ["logprobs", chat(MODEL, "Hi", { logprobs: true }), /logprobs/],
    ["top_logprobs", chat(MODEL, "Hi", { top_logprobs: 2 }), /top_logprobs/],
    ["logit_bias", chat(MODEL, "Hi", { logit_bias: {} }), /logit_bias/],
    ["more than one choice", chat(MODEL, "Hi", { n: 2 }), /'n'/],
    [
      "a name in a message",
      { model: MODEL, messages: [{ role: "user", name: "Ann", content: "Hi" }] },
      /'messages\.0'.*'name'/,
    ],
    ["five stop texts", { model: MODEL, messages: hi, stop: ["1", "2", "3", "4", "5"] }, /stop/],
    ["no messages", { model: MODEL, messages: [] }, /messages/],
  ])("%s", async (_, body, message) => {
    const reply = await ask(simulator, "groq", body);
    expect(reply.status).toBe(400);
    const { error } = JSON.parse(reply.text) as { error: { message: string; type: string } };
    expect(error).toMatchObject({ message: expect.stringMatching(message), type: "invalid_request_error" });
    expect(simulator.control.ledger()).toMatchObject([{ state: "failed", status: 400 }]);
  });

  test("accepts n: 1 and what is null", async () => {
    const reply = await ask(simulator, "groq", chat(MODEL, "What is 1 + 1?", { n: 1, logprobs: null }));
    expect(reply.status).toBe(200);
  });

  test("a call without a key", async () => {
    const reply = await call(chatUrl(simulator, "groq"), { json: chat(MODEL) });
    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.text)).toEqual({
      error: { message: "Invalid API Key", type: "invalid_request_error", code: "invalid_api_key" },
    });
  });

  test("a model that does not exist", async () => {
    const reply = await ask(simulator, "groq", chat("missing-model"));
    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: "model_not_found" } });
  });

  test("text completions, which it does not have", async () => {
    const headers = { authorization: `Bearer ${KEY}` };
    const reply = await call(`${simulator.groqUrl}/completions`, {
      json: { model: MODEL, prompt: "Hi" },
      headers,
    });
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([404, { error: { code: "unknown_url" } }]);
  });
});

test("models are listed and looked up", async () => {
  const get = (path: string) =>
    call(`${simulator.groqUrl}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  const list = JSON.parse((await get("/models")).text) as {
    object: string;
    data: { id: string; object: string }[];
  };
  expect(list.object).toBe("list");
  expect(list.data.map(({ id }) => id)).toContain(MODEL);
  expect(list.data.every((model) => model.object === "model")).toBe(true);
  expect(JSON.parse((await get("/models/openai%2Fgpt-oss-20b")).text)).toMatchObject({
    id: "openai/gpt-oss-20b",
    object: "model",
  });
  expect((await get("/models/missing-one")).status).toBe(404);
});
