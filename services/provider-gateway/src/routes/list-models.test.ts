import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, startGateway } from "../testing/gateway.js";
import { answering, startUpstream } from "../testing/scripted-upstream.js";
import { until } from "../testing/until.js";

const gemini = {
  id: "google/gemini-2.0-flash-001",
  name: "Google: Gemini 2.0 Flash",
  created: 1738769413,
  context_length: 1048576,
  pricing: { prompt: "0.0000001", completion: "0.0000004", request: "0" },
  top_provider: { context_length: 1048576, max_completion_tokens: 8192 },
  architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
  supported_parameters: ["temperature", "tools"],
};
const auto = { id: "openrouter/auto", name: "Auto", pricing: { prompt: "-1", completion: "-1" } };
const groqList = {
  object: "list",
  data: [
    {
      id: "llama-3.3-70b-versatile",
      object: "model",
      created: 1733447754,
      owned_by: "Meta",
      context_window: 131072,
    },
    { id: "retired", object: "model", created: 1, active: false },
    { id: "whisper-large-v3", object: "model", created: 1693721698 },
  ],
};

describe("ListModels", () => {
  it("lists what every provider offers, with prices to the last digit", async () => {
    await using openrouter = await startUpstream(
      answering(200, { data: [gemini, auto], links: { next: null } }),
    );
    await using groq = await startUpstream(answering(200, groqList));
    await using gateway = startGateway([
      providerAt(openrouter.url, "openrouter"),
      providerAt(groq.url, "groq"),
      providerAt(groq.url, "groq", { id: "keyless", keys: [] }),
    ]);
    const { models, failedProviderIds } = await gateway.client.listModels({});
    expect(failedProviderIds).toEqual([]);
    expect(models.map(({ id }) => id)).toEqual([
      "openrouter/google/gemini-2.0-flash-001",
      "openrouter/openrouter/auto",
      "groq/llama-3.3-70b-versatile",
      "groq/whisper-large-v3",
    ]);
    expect(models[0]).toMatchObject({
      providerId: "openrouter",
      displayName: "Google: Gemini 2.0 Flash",
      created: 1738769413n,
      contextTokens: 1048576n,
      maxOutputTokens: 8192n,
      price: { inputUsdNanosPerMillion: 100_000_000n, outputUsdNanosPerMillion: 400_000_000n },
      inputModalities: ["text", "image"],
      outputModalities: ["text"],
      supportedParameters: ["temperature", "tools"],
    });
    expect(models[1]).toMatchObject({ displayName: "Auto", created: 0n });
    expect(models[1]?.price).toBeUndefined();
    expect(models[2]).toMatchObject({
      displayName: "llama-3.3-70b-versatile",
      contextTokens: 131072n,
      price: { inputUsdNanosPerMillion: 590_000_000n, outputUsdNanosPerMillion: 790_000_000n },
      inputModalities: [],
      supportedParameters: [],
    });
    expect(models[3]?.price).toBeUndefined();
    expect(openrouter.calls).toMatchObject([
      { method: "GET", path: "/v1/models", headers: { authorization: "Bearer key-of-openrouter" } },
    ]);
    expect(groq.calls.length).toBe(1);
  });

  it("asks once for many callers, and again when the list is old, which nobody waits for", async () => {
    await using upstream = await startUpstream((response, call) => {
      if (upstream.calls.length === 1) setImmediate(() => answering(200, groqList)(response, call));
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq")], { modelsTtlMs: 1 });
    await Promise.all(Array.from({ length: 20 }, () => gateway.client.listModels({})));
    expect(upstream.calls.length).toBe(1);
    const since = performance.now();
    await until(() => performance.now() - since > 2);
    const again = Array.from({ length: 20 }, () => gateway.client.listModels({}));
    for (const { models } of await Promise.all(again)) expect(models).toHaveLength(2);
    await until(() => upstream.calls.length === 2);
  });

  it.each([
    ["an error", answering(500, { error: { message: "no" } })],
    ["HTML", answering(200, "<html></html>")],
    ["no list", answering(200, { models: [] })],
    ["a refused key", answering(401, { error: { message: "Invalid API Key" } })],
  ])("names a provider that answers with %s, and lists the others", async (_, script) => {
    await using broken = await startUpstream(script);
    await using groq = await startUpstream(answering(200, groqList));
    await using gateway = startGateway([providerAt(broken.url, "openrouter"), providerAt(groq.url, "groq")]);
    const { models, failedProviderIds } = await gateway.client.listModels({});
    expect(failedProviderIds).toEqual(["openrouter"]);
    expect(models).toHaveLength(2);
    await gateway.client.listModels({});
    expect(broken.calls.length).toBe(1);
  });

  it("reads a list in pages, at the provider's own address only", async () => {
    const pages = [
      { data: [{ id: "a" }, { id: "b" }], links: { next: "http://127.0.0.1:1/steal" } },
      { data: [{ id: "b" }, { id: "c" }], links: { next: "http://127.0.0.1:1/steal" } },
      { data: [{ id: "c" }], links: { next: "http://127.0.0.1:1/steal" } },
    ];
    await using upstream = await startUpstream((response, call) => {
      answering(200, pages[upstream.calls.length - 1])(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const { models } = await gateway.client.listModels({});
    expect(models.map(({ id }) => id)).toEqual(["openrouter/a", "openrouter/b", "openrouter/c"]);
    expect(upstream.calls.map(({ path }) => path)).toEqual([
      "/v1/models",
      "/v1/models?offset=2",
      "/v1/models?offset=3",
    ]);
  });

  it("lets a caller leave, and goes on for the others", async () => {
    let answer = (): void => {};
    await using upstream = await startUpstream((response, call) => {
      answer = () => answering(200, groqList)(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq")]);
    const caller = new AbortController();
    const left = failureOfCall(gateway.client.listModels({}, { signal: caller.signal }));
    const stayed = gateway.client.listModels({});
    await until(() => upstream.calls.length === 1);
    caller.abort();
    expect((await left).reason).toBe("canceled");
    answer();
    expect((await stayed).models).toHaveLength(2);
    expect(upstream.calls.length).toBe(1);
  });
});

describe("ListProviders", () => {
  it("says who can be asked, asking nobody", async () => {
    await using upstream = await startUpstream(answering(200, groqList));
    await using gateway = startGateway([
      providerAt(upstream.url, "openrouter"),
      providerAt(upstream.url, "groq", { keys: [] }),
      providerAt(upstream.url, "openai", { keys: [] }),
      providerAt(upstream.url, "openrouter", { id: "sim", keys: [], keyRequired: false, simulated: true }),
    ]);
    const { providers } = await gateway.client.listProviders({});
    expect(providers).toMatchObject([
      { id: "openrouter", available: true, simulated: false },
      { id: "groq", available: false, simulated: false },
      { id: "local", available: true, simulated: false },
      { id: "sim", available: true, simulated: true },
    ]);
    expect(upstream.calls.length).toBe(0);
  });
});
