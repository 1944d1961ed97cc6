import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream } from "../testing/scripted-upstream.js";
import { until } from "../testing/until.js";

const data = {
  id: "acme/one",
  name: "One",
  endpoints: [{ provider_name: "Acme", pricing: { prompt: "0.00000015" }, latency_last_30m: { p50: 1.5 } }],
};

async function setUp(script: Script) {
  const upstream = await startUpstream(script);
  const gateway = startGateway([
    providerAt(upstream.url, "openrouter"),
    providerAt(upstream.url, "groq"),
    providerAt(upstream.url, "openrouter", { id: "keyless", keys: [] }),
  ]);
  return {
    upstream,
    client: gateway.client,
    failure: (model: string) => failureOfCall(gateway.client.listEndpoints({ model })),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("ListEndpoints", () => {
  it.each([
    ["acme/one", "/v1/models/acme/one/endpoints"],
    ["openrouter/acme/one:free", "/v1/models/acme/one:free/endpoints"],
    ["openrouter/acme/a#b", "/v1/models/acme/a%23b/endpoints"],
  ])("asks once who serves %s", async (model, path) => {
    await using house = await setUp(answering(200, { data }));
    const { dataJson } = await house.client.listEndpoints({ model });
    expect(JSON.parse(dataJson)).toEqual(data);
    expect(house.upstream.calls).toMatchObject([
      { method: "GET", path, headers: { authorization: "Bearer key-of-openrouter" } },
    ]);
  });

  it.each([
    [
      "a model it does not know",
      answering(404, { error: { code: 404, message: "Resource not found" } }),
      "model_not_found",
    ],
    ["a refused key", answering(401, { error: { message: "no key-of-openrouter" } }), "provider_auth"],
    ["a page in place of an answer", answering(200, "<html></html>"), "invalid_upstream_response"],
    ["an answer of another kind", answering(200, { data: [] }), "invalid_upstream_response"],
    ["an error", answering(500, { error: { message: "of key-of-openrouter" } }), "upstream_error"],
  ])("fails after one call: %s", async (_, script, reason) => {
    await using house = await setUp(script);
    const failure = await house.failure("acme/one");
    expect(failure.reason).toBe(reason);
    expect(failure.message).toMatch(/^openrouter: /);
    expect(failure.message).not.toContain("key-of");
    expect(house.upstream.calls.length).toBe(1);
  });

  it.each([
    ["groq/llama-3.3-70b-versatile", "invalid_value", /only OpenRouter/],
    ["keyless/acme/one", "provider_not_configured", /KEYLESS_API_KEY/],
    ["sim/one", "provider_not_configured", /sim/],
    ["openrouter/../secrets", "invalid_value", /not the id of a model/],
    ["acme/one?x=1", "invalid_value", /not the id of a model/],
  ])("asks nobody about %s", async (model, reason, message) => {
    await using house = await setUp(answering(200, { data }));
    const failure = await house.failure(model);
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect(house.upstream.calls.length).toBe(0);
  });

  it("is left when its caller leaves", async () => {
    await using house = await setUp(() => {});
    const caller = new AbortController();
    const call = house.client.listEndpoints({ model: "acme/one" }, { signal: caller.signal });
    await until(() => house.upstream.calls.length === 1);
    caller.abort();
    expect((await failureOfCall(call)).reason).toBe("canceled");
    await until(() => house.upstream.cut === 1);
    expect(house.upstream.calls.length).toBe(1);
  });
});
