import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ask, chat, chatUrl, KEY } from "../../testing/ask.js";
import { call, sseData } from "../../testing/http-client.js";
import { startSimulator } from "../../simulator.js";

const simulator = await startSimulator({ latency: "off" });
afterAll(() => simulator[Symbol.asyncDispose]());
beforeEach(() => simulator.control.reset());

const usage = z.strictObject({
  prompt_tokens: z.int().positive(),
  completion_tokens: z.int().positive(),
  total_tokens: z.int().positive(),
  cost: z.number().min(0),
  is_byok: z.literal(false),
  cost_details: z.strictObject({
    upstream_inference_cost: z.null(),
    upstream_inference_prompt_cost: z.number(),
    upstream_inference_completions_cost: z.number(),
  }),
  prompt_tokens_details: z.strictObject({ cached_tokens: z.int() }),
  completion_tokens_details: z.strictObject({ reasoning_tokens: z.int() }),
});

const envelope = {
  id: z.string().regex(/^gen-\d{10}-\w+$/),
  provider: z.literal("Simulation"),
  model: z.string(),
  created: z.int(),
  system_fingerprint: z.literal("fp_simulation"),
};

const finishReasons = {
  finish_reason: z.string().nullable(),
  native_finish_reason: z.string().nullable(),
  logprobs: z.null(),
};

const completion = z.strictObject({
  ...envelope,
  object: z.literal("chat.completion"),
  choices: z.tuple([
    z.strictObject({
      index: z.literal(0),
      message: z.strictObject({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
      ...finishReasons,
    }),
  ]),
  usage,
});

const chunk = z.strictObject({
  ...envelope,
  object: z.literal("chat.completion.chunk"),
  choices: z
    .array(
      z.strictObject({
        index: z.literal(0),
        delta: z.strictObject({ role: z.literal("assistant").optional(), content: z.string() }),
        ...finishReasons,
      }),
    )
    .max(1),
  usage: usage.optional(),
});

describe("a chat completion", () => {
  test("has OpenRouter's shape, headers, usage and cost", async () => {
    const reply = await ask(simulator, "openrouter", chat("google/gemini-2.0-flash-001"));
    expect(reply.status).toBe(200);
    const body = completion.parse(JSON.parse(reply.text));
    expect(reply.headers).toMatchObject({ "content-type": "application/json", "x-generation-id": body.id });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith("x-ratelimit"))).toEqual([]);
    expect(body.choices[0]).toMatchObject({ finish_reason: "stop", native_finish_reason: "stop" });
    expect(body.choices[0].message.content).toMatch(/\n\nAnswer: 42$/);
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
    expect(body.usage.cost).toBeGreaterThan(0);
    expect(simulator.control.ledger()).toHaveLength(1);
  });

  test("costs nothing from a simulated model, under its name or with sim/ before it", async () => {
    for (const model of ["ada-large", "sim/ada-large"]) {
      const reply = await ask(simulator, "openrouter", chat(model));
      expect(completion.parse(JSON.parse(reply.text))).toMatchObject({ model, usage: { cost: 0 } });
    }
  });

  test("honours max_tokens, stop and response_format", async () => {
    const content = async (more: object) => {
      const reply = await ask(simulator, "openrouter", chat("ada-large", "What is 17 + 25?", more));
      return completion.parse(JSON.parse(reply.text)).choices[0];
    };
    expect(await content({ max_tokens: 2 })).toMatchObject({ finish_reason: "length" });
    expect((await content({ stop: ["Answer"] })).message.content).not.toContain("Answer");
    const json = await content({ response_format: { type: "json_object" } });
    expect(JSON.parse(json.message.content)).toEqual({ answer: "42" });
    const schema = {
      type: "object",
      properties: { sum: { type: "integer" }, unit: { enum: ["none", "m"] } },
    };
    const shaped = await content({
      response_format: { type: "json_schema", json_schema: { name: "sum", schema } },
    });
    expect(JSON.parse(shaped.message.content)).toEqual({ sum: 42, unit: "none" });
  });

  test("is served by the first of models that exists", async () => {
    const reply = await ask(
      simulator,
      "openrouter",
      chat("missing/one", undefined, { models: ["missing/two", "ada-large"] }),
    );
    expect(completion.parse(JSON.parse(reply.text)).model).toBe("ada-large");
  });

  test("carries openrouter_metadata only when asked", async () => {
    const headers = { authorization: `Bearer ${KEY}`, "x-openrouter-metadata": "enabled" };
    const reply = await call(chatUrl(simulator, "openrouter"), { json: chat("ada-large"), headers });
    expect(JSON.parse(reply.text)).toMatchObject({
      openrouter_metadata: {
        requested: "ada-large",
        endpoints: { total: 1, available: [{ selected: true }] },
      },
    });
  });
});

describe("a stream", () => {
  test("has comments, tokens, finish, usage in its own chunk, and [DONE]", async () => {
    const reply = await ask(
      simulator,
      "openrouter",
      chat("meta-llama/llama-3.3-70b-instruct", undefined, { stream: true }),
    );
    expect(reply.headers["content-type"]).toBe("text/event-stream");
    expect(reply.text.startsWith(": OPENROUTER PROCESSING\n\ndata: {")).toBe(true);
    expect(reply.text.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
    const chunks = sseData(reply.text).map((data) => chunk.parse(data));
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([reply.headers["x-generation-id"]]));
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(text).toMatch(/\n\nAnswer: 42$/);
    const [finish, last] = chunks.slice(-2);
    expect(finish?.choices[0]).toMatchObject({ delta: { content: "" }, finish_reason: "stop" });
    expect(last?.choices).toEqual([]);
    expect(chunks.filter((data) => data.usage !== undefined)).toEqual([last]);
    expect(last?.usage?.completion_tokens).toBe(chunks.length - 2);
    expect(simulator.control.ledger()).toMatchObject([
      { stream: true, state: "finished", tokensSent: chunks.length - 2 },
    ]);
  });
});

describe("the legacy text completion", () => {
  const url = `${simulator.openrouterUrl}/completions`;

  test("answers a prompt", async () => {
    const reply = await call(url, { json: { model: "ada-large", prompt: "What is 17 + 25?" } });
    expect(JSON.parse(reply.text)).toMatchObject({
      object: "text_completion",
      choices: [{ index: 0, text: expect.stringMatching(/Answer: 42$/), finish_reason: "stop" }],
      usage: { prompt_tokens: expect.any(Number) },
    });
  });

  test("streams", async () => {
    const reply = await call(url, { json: { model: "ada-large", prompt: "What is 17 + 25?", stream: true } });
    const chunks = sseData(reply.text) as { choices: { text: string }[]; usage?: object }[];
    expect(chunks.map(({ choices }) => choices[0]?.text ?? "").join("")).toMatch(/Answer: 42$/);
    expect(chunks.at(-1)?.usage).toBeDefined();
    expect(simulator.control.ledger({ endpoint: "completions" })).toHaveLength(1);
  });
});

describe("errors", () => {
  test.each([
    ["a body that is no JSON", { body: "{" }, 400, "Invalid request parameters: body: not valid JSON"],
    ["no messages", { json: { model: "ada-large" } }, 400, /^Invalid request parameters: messages/],
    [
      "an unknown role",
      { json: { model: "a/b", messages: [{ role: "bot", content: "" }] } },
      400,
      /messages\.0\.role/,
    ],
    ["a temperature of 3", { json: chat("a/b", "Hi", { temperature: 3 }) }, 400, /temperature/],
    ["a model that does not exist", { json: chat("missing/x") }, 400, "missing/x is not a valid model ID"],
  ])("%s", async (_, options, status, message) => {
    const reply = await call(chatUrl(simulator, "openrouter"), options);
    expect(reply.status).toBe(status);
    const { error } = JSON.parse(reply.text) as { error: { code: number; message: string } };
    expect(error.code).toBe(status);
    expect(error.message).toMatch(message);
    expect(simulator.control.ledger()).toMatchObject([{ state: "failed", status, tokensSent: 0 }]);
  });

  test("an unknown route", async () => {
    const reply = await call(`${simulator.openrouterUrl}/embeddings`, { json: {} });
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([
      404,
      { error: { code: 404, message: "Resource not found" } },
    ]);
  });
});

describe("with keys required", async () => {
  const keys = { requireKeys: true, keys: ["sk-or-v1-good"], managementKeys: ["sk-or-v1-admin"] };
  const strict = await startSimulator({ latency: "off", ...keys });
  afterAll(() => strict[Symbol.asyncDispose]());
  const get = (path: string, key?: string) =>
    call(
      `${strict.openrouterUrl}${path}`,
      key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } },
    );

  test("a missing and an unknown key get 401, and the list of models is public", async () => {
    const missing = await call(chatUrl(strict, "openrouter"), { json: chat("a/b") });
    expect([missing.status, JSON.parse(missing.text)]).toMatchObject([
      401,
      { error: { code: 401, message: "Missing Authentication header" } },
    ]);
    const unknown = await get("/key", "sk-or-v1-bad");
    expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([
      401,
      { error: { message: "User not found." } },
    ]);
    expect((await get("/models")).status).toBe(200);
  });

  test("credits need a management key; the key's own limits do not", async () => {
    expect((await get("/credits", "sk-or-v1-good")).status).toBe(403);
    const credits = await get("/credits", "sk-or-v1-admin");
    expect(JSON.parse(credits.text)).toEqual({
      data: { total_credits: 100, total_usage: expect.any(Number) },
    });
    const key = await get("/key", "sk-or-v1-good");
    expect(JSON.parse(key.text)).toMatchObject({
      data: { limit: null, is_management_key: false, usage: expect.any(Number) },
    });
  });

  test("a generation can be looked up after the call", async () => {
    const headers = { authorization: "Bearer sk-or-v1-good" };
    const reply = await call(chatUrl(strict, "openrouter"), {
      json: chat("google/gemini-2.5-flash"),
      headers,
    });
    const { id, usage: paid } = completion.parse(JSON.parse(reply.text));
    const found = await get(`/generation?id=${id}`, "sk-or-v1-good");
    expect(JSON.parse(found.text)).toMatchObject({
      data: {
        id,
        streamed: false,
        cancelled: false,
        tokens_completion: paid.completion_tokens,
        finish_reason: "stop",
      },
    });
    expect((await get("/generation?id=gen-none", "sk-or-v1-good")).status).toBe(404);
  });

  test("lists real ids as simulated too", async () => {
    const { data } = JSON.parse((await get("/models")).text) as { data: { id: string; name: string }[] };
    expect(data.map(({ id }) => id)).toContain("google/gemini-2.0-flash-001");
    expect(data.every(({ name }) => name.endsWith("(simulated)"))).toBe(true);
  });
});

describe("the list of models", () => {
  const model = z.looseObject({
    id: z.string(),
    name: z.string().endsWith("(simulated)"),
    created: z.int(),
    context_length: z.int(),
    architecture: z.looseObject({ modality: z.string(), input_modalities: z.array(z.string()) }),
    pricing: z.looseObject({ prompt: z.literal("0"), completion: z.literal("0") }),
    top_provider: z.looseObject({ context_length: z.int(), is_moderated: z.boolean() }),
    supported_parameters: z.array(z.string()),
  });
  const list = z.strictObject({
    data: z.array(model),
    links: z.strictObject({ next: z.string().nullable() }),
    total_count: z.int(),
  });

  test("names the simulation's own and pages through them", async () => {
    const get = async (query: string) =>
      list.parse(JSON.parse((await call(`${simulator.openrouterUrl}/models${query}`)).text));
    const all = await get("");
    expect(all.data.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "ada-large",
        "ada-small",
        "bell-large",
        "cole-medium",
        "dune-medium",
        "synthesiser",
        "judge",
      ]),
    );
    expect(all.total_count).toBe(all.data.length);
    const page = await get("?offset=2&limit=2");
    expect(page.data).toEqual(all.data.slice(2, 4));
    expect(page.links.next).toContain("offset=4");
    expect((await get("?q=bell")).data.map(({ id }) => id)).toEqual(["bell-large"]);
  });

  test.each(["ada-large", "google/gemini-2.0-flash-001"])("has the endpoints of %s", async (id) => {
    const reply = await call(`${simulator.openrouterUrl}/models/${id}/endpoints`);
    expect(JSON.parse(reply.text)).toMatchObject({
      data: { id, endpoints: [{ model_id: id, provider_name: "Simulation", status: 0 }] },
    });
  });
});
