import { describe, expect, test } from "vitest";
import { SettingsError } from "./mistakes.js";
import { providerControls } from "./provider-controls.js";
import type { ProviderSettings } from "./settings.js";
import { toSettings } from "./to-settings.js";

function read(groq: unknown): ProviderSettings | undefined {
  const text = typeof groq === "string" ? groq : JSON.stringify({ providers: { groq } });
  const environment = { variables: {}, mistakes: [], configFile: { path: "synod.config.json", text } };
  return toSettings(environment, "all-in-one").providers.find(({ id }) => id === "groq");
}

function mistakes(groq: unknown): readonly string[] {
  try {
    read(groq);
  } catch (error) {
    if (error instanceof SettingsError)
      return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test("the defaults", () => {
  expect(providerControls()).toEqual({
    limits: {},
    connectTimeoutMs: 5_000,
    timeouts: { firstTokenMs: 20_000, idleMs: 30_000, totalMs: 120_000 },
    maxAttempts: 3,
    breakerFailures: 5,
    breakerOpenMs: 30_000,
    maxQueue: 256,
    models: {},
  });
  expect(read({})).toMatchObject(providerControls());
});

test("everything that can be set for a provider", () => {
  const groq = {
    max_concurrency: 8,
    requests_per_minute: 30,
    tokens_per_minute: 6_000,
    max_queue: 0,
    connect_timeout_ms: 1,
    first_token_timeout_ms: 2,
    idle_timeout_ms: 3,
    total_timeout_ms: 4,
    max_attempts: 1,
    breaker_failures: 6,
    breaker_open_ms: 700,
  };
  expect(read(groq)).toMatchObject({
    limits: { maxConcurrency: 8, requestsPerMinute: 30, tokensPerMinute: 6_000 },
    connectTimeoutMs: 1,
    timeouts: { firstTokenMs: 2, idleMs: 3, totalMs: 4 },
    maxAttempts: 1,
    breakerFailures: 6,
    breakerOpenMs: 700,
    maxQueue: 0,
    models: {},
  });
});

describe("models", () => {
  test("everything that can be set for one", () => {
    const models = {
      "meta-llama/llama-4-scout-17b-16e-instruct": {
        max_concurrency: 2,
        requests_per_minute: 3,
        tokens_per_minute: 4,
        first_token_timeout_ms: 5,
        idle_timeout_ms: 6,
        total_timeout_ms: 7,
        context_tokens: 131_072,
        input_usd_per_million: 0.11,
        output_usd_per_million: 0.34,
      },
      "llama-3.1-8b-instant": { idle_timeout_ms: 8 },
    };
    expect(read({ models })?.models).toEqual({
      "meta-llama/llama-4-scout-17b-16e-instruct": {
        maxConcurrency: 2,
        requestsPerMinute: 3,
        tokensPerMinute: 4,
        timeouts: { firstTokenMs: 5, idleMs: 6, totalMs: 7 },
        contextTokens: 131_072,
        price: { input: 110_000_000n, output: 340_000_000n },
      },
      "llama-3.1-8b-instant": { timeouts: { idleMs: 8 } },
    });
  });

  test("prices are exact, and may be nothing", () => {
    const price = (usd: number) => {
      const models = { m: { input_usd_per_million: usd, output_usd_per_million: 0 } };
      return read({ models })?.models["m"]?.price;
    };
    for (const [usd, nanos] of [
      [0, 0n],
      [0.3, 300_000_000n],
      [0.000_000_001, 1n],
      [4.35, 4_350_000_000n],
      [1_000_000, 1_000_000_000_000_000n],
    ] as const) {
      expect(price(usd)).toEqual({ input: nanos, output: 0n });
    }
  });

  test.each([
    "openai/gpt-oss-20b",
    "@cf/meta/llama-3.1-8b",
    "qwen2.5:7b",
    "~x/y",
    "constructor",
    "a".repeat(200),
  ])("an id: %s", (id) => {
    expect(Object.keys(read({ models: { [id]: {} } })?.models ?? {})).toEqual([id]);
  });

  test.each(["", " ", "a b", "/a", "a/", "a//b", "a/../b", ".a", "a".repeat(201)])("no id: %j", (id) => {
    expect(mistakes({ models: { [id]: {} } })).toEqual([
      expect.stringMatching(/^providers\.groq\.models.+ is not a model's id\. Use the provider's own id/),
    ]);
  });
});

test("mistakes, each with its path and what to do", () => {
  const groq = {
    max_queue: -1,
    max_attempts: 4,
    breaker_open_ms: 99,
    requests_per_minute: 0.5,
    idle_timeout_ms: "30s",
    models: { "a/b": { max_queue: 1, input_usd_per_million: -1, output_usd_per_million: 1 } },
  };
  expect(mistakes(groq)).toEqual([
    "providers.groq.requests_per_minute: 0.5 is not a whole number. Use a whole number from 1 to 10000000, " +
      "or leave it out for no limit of its own.",
    "providers.groq.max_queue: -1 is not between 0 and 100000. Use a whole number from 0 to 100000, " +
      "or leave it out for 256.",
    'providers.groq.idle_timeout_ms: "30s" is not a number. Use a whole number from 1 to 3600000, ' +
      "or leave it out for 30000.",
    "providers.groq.max_attempts: 4 is not between 1 and 3. Use a whole number from 1 to 3, or leave it out for 3.",
    "providers.groq.breaker_open_ms: 99 is not between 100 and 3600000. Use a whole number from 100 to 3600000, " +
      "or leave it out for 30000.",
    'providers.groq.models["a/b"].input_usd_per_million: -1 is not between 0 and 1000000. ' +
      "Use a number from 0 to 1000000, or leave it out for the provider's.",
    'providers.groq.models["a/b"].max_queue: unknown key. Known here: max_concurrency, requests_per_minute, ' +
      "tokens_per_minute, first_token_timeout_ms, idle_timeout_ms, total_timeout_ms, context_tokens, " +
      "input_usd_per_million, output_usd_per_million.",
  ]);
  expect(mistakes({ models: [] })).toEqual([
    "providers.groq.models: is not an object. Use an object with one entry for each model.",
  ]);
});

test("a price needs both of its parts", () => {
  const models = { a: { input_usd_per_million: 0 }, b: { output_usd_per_million: 1 } };
  expect(mistakes({ models })).toEqual([
    "providers.groq.models.a.output_usd_per_million: is missing: a price needs both. Set it, or leave out the other.",
    "providers.groq.models.b.input_usd_per_million: is missing: a price needs both. Set it, or leave out the other.",
  ]);
});

describe("a first token that may come later than the end", () => {
  const never = (first: number, total: number) =>
    `${first} is above total_timeout_ms (${total}), so it would never end a call. Lower it, or raise the other.`;

  test("is a mistake", () => {
    expect(mistakes({ first_token_timeout_ms: 120_001 })).toEqual([
      `providers.groq.first_token_timeout_ms: ${never(120_001, 120_000)}`,
    ]);
    const models = {
      a: { first_token_timeout_ms: 11 },
      b: { first_token_timeout_ms: 31, total_timeout_ms: 30 },
    };
    expect(mistakes({ first_token_timeout_ms: 9, total_timeout_ms: 10, models })).toEqual([
      `providers.groq.models.a.first_token_timeout_ms: ${never(11, 10)}`,
      `providers.groq.models.b.first_token_timeout_ms: ${never(31, 30)}`,
    ]);
  });

  test("is none where nobody wrote it, or where both are the same", () => {
    const models = { a: { total_timeout_ms: 5 } };
    expect(mistakes({ total_timeout_ms: 10, models })).toEqual([]);
    expect(mistakes({ first_token_timeout_ms: 120_000 })).toEqual([]);
  });
});
