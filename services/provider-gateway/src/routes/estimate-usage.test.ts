import type { ProviderSettings } from "@synod/settings";
import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream } from "../testing/scripted-upstream.js";

const listing = answering(200, {
  data: [
    {
      id: "acme/one",
      pricing: { prompt: "0.000001", completion: "0.000002" },
      top_provider: { max_completion_tokens: 500 },
    },
    { id: "acme/free", pricing: { prompt: "0", completion: "0" } },
    { id: "acme/written", pricing: { prompt: "0", completion: "0.000002" } },
    { id: "acme/read", pricing: { prompt: "0.000001", completion: "0" } },
    { id: "acme/auto", pricing: { prompt: "-1", completion: "-1" } },
  ],
});

async function setUp(script: Script, changes: Partial<ProviderSettings> = {}) {
  const upstream = await startUpstream(script);
  const gateway = startGateway([
    providerAt(upstream.url, "openrouter", changes),
    providerAt(upstream.url, "groq", { id: "groq", keys: [] }),
  ]);
  return {
    upstream,
    gateway,
    client: gateway.client,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("EstimateUsage", () => {
  it("counts four bytes a token, and prices by the list, which is read once", async () => {
    await using house = await setUp(listing);
    const { usages } = await house.client.estimateUsage({
      calls: [
        { model: "acme/one", inputBytes: 401n, maxOutputTokens: 10 },
        { model: "acme/one:nitro", inputBytes: 400n },
        { model: "acme/free", inputBytes: 4n },
        { model: "acme/one", inputBytes: 0n, maxOutputTokens: 0 },
      ],
    });
    expect(usages).toMatchObject([
      // 101 x 1 + 10 x 2 millionths of a dollar
      { inputTokens: 101n, outputTokens: 10n, costUsdNanos: 121_000n, estimated: true },
      { inputTokens: 100n, outputTokens: 500n, costUsdNanos: 1_100_000n, estimated: true },
      { inputTokens: 1n, outputTokens: 0n, costUsdNanos: 0n, estimated: true },
      { inputTokens: 0n, outputTokens: 0n, costUsdNanos: 0n, estimated: true },
    ]);
    await house.client.estimateUsage({ calls: [{ model: "acme/one" }] });
    expect(house.upstream.calls.length).toBe(1);
  });

  it.each(["acme/auto", "acme/unknown", "groq/keyless", "sim/none"])("has no cost for %s", async (model) => {
    await using house = await setUp(listing);
    const { usages } = await house.client.estimateUsage({
      calls: [{ model, inputBytes: 8n, maxOutputTokens: 3 }],
    });
    expect(usages).toMatchObject([{ inputTokens: 2n, outputTokens: 3n, estimated: true }]);
    expect(usages[0]?.costUsdNanos).toBeUndefined();
    expect(house.upstream.calls.length).toBe(/groq|sim/.test(model) ? 0 : 1);
  });

  it("has no cost where nothing says how much may be written, unless only reading costs something", async () => {
    await using house = await setUp(listing);
    const { usages } = await house.client.estimateUsage({
      calls: [
        { model: "acme/written", inputBytes: 4n },
        { model: "acme/written", inputBytes: 4n, maxOutputTokens: 0 },
        { model: "acme/read", inputBytes: 4n },
      ],
    });
    expect(usages.map(({ costUsdNanos }) => costUsdNanos)).toEqual([undefined, 0n, 1_000n]);
    expect(usages.map(({ outputTokens }) => outputTokens)).toEqual([0n, 0n, 0n]);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("has a cost of 0 for simulated models, whatever they list", async () => {
    await using house = await setUp(listing, { simulated: true });
    const { usages } = await house.client.estimateUsage({
      calls: [{ model: "acme/one" }, { model: "acme/unknown" }],
    });
    expect(usages.map(({ costUsdNanos }) => costUsdNanos)).toEqual([0n, 0n]);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("takes the settings' price, and does not wait for a provider that is silent", async () => {
    // A dollar for a million tokens read, two for a million written.
    const price = { input: 1_000_000_000n, output: 2_000_000_000n };
    await using house = await setUp(() => {}, { models: { "acme/one": { price } } });
    const { usages } = await house.client.estimateUsage({
      calls: [
        { model: "acme/one", inputBytes: 4n, maxOutputTokens: 1 },
        { model: "acme/two", inputBytes: 4n },
      ],
    });
    expect(usages.map(({ costUsdNanos }) => costUsdNanos)).toEqual([3_000n, undefined]);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("has no cost for what no amount of money pays", async () => {
    const price = { input: 2n ** 62n, output: 0n };
    await using house = await setUp(listing, { models: { "acme/one": { price } } });
    const { usages } = await house.client.estimateUsage({
      calls: [{ model: "acme/one", inputBytes: 2n ** 64n - 1n }],
    });
    expect(usages[0]).toMatchObject({ inputTokens: 2n ** 62n });
    expect(usages[0]?.costUsdNanos).toBeUndefined();
    expect(house.upstream.calls.length).toBe(1);
  });

  it("refuses what is not the id of a model, and asks nobody about nothing", async () => {
    await using house = await setUp(listing);
    const failure = await failureOfCall(house.client.estimateUsage({ calls: [{ model: "a/../b" }] }));
    expect(failure.reason).toBe("invalid_value");
    expect((await house.client.estimateUsage({})).usages).toEqual([]);
    expect(house.upstream.calls.length).toBe(0);
  });
});
