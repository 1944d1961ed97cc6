import { describe, expect, it } from "vitest";
import { openProvider } from "../providers/provider.js";
import { providerAt } from "../testing/gateway.js";
import { answering, type Script, startUpstream } from "../testing/scripted-upstream.js";
import { until } from "../testing/until.js";
import { readGeneration } from "./generation.js";

const record = { data: { native_tokens_prompt: 10, native_tokens_completion: 3, total_cost: 0.0000021 } };
const missing = answering(404, { error: { code: 404, message: "Generation not found" } });

/** A provider that gives these answers in turn, and asking it. */
async function setUp(kind: "openrouter" | "groq", ...answers: readonly Script[]) {
  const upstream = await startUpstream((response, call) => {
    answers[Math.min(upstream.calls.length, answers.length) - 1]?.(response, call);
  });
  const provider = openProvider(providerAt(upstream.url, kind));
  const read = (id = "gen-1") => readGeneration(provider, { index: 1, secret: "key-of-openrouter" }, id);
  return {
    upstream,
    provider,
    read,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("what a call has cost", () => {
  it("is asked for until the provider knows it", async () => {
    await using house = await setUp("openrouter", missing, answering(200, record));
    expect(await house.read("gen-1&x=2")).toMatchObject({
      tokens: { input: 10, output: 3 },
      costUsdNanos: 2_100,
    });
    expect(house.upstream.calls).toMatchObject([
      { method: "GET", path: "/v1/generation?id=gen-1%26x%3D2" },
      {
        path: "/v1/generation?id=gen-1%26x%3D2",
        headers: { authorization: "Bearer key-of-openrouter" },
      },
    ]);
  });

  it("is asked for again when the answer broke or made no sense", async () => {
    const broken: Script = (response) => response.destroy();
    await using house = await setUp("openrouter", broken, answering(200, "<html>"), answering(200, record));
    expect((await house.read())?.costUsdNanos).toBe(2_100);
    expect(house.upstream.calls.length).toBe(3);
  });

  it("is not asked for again when the provider refuses to say it", async () => {
    await using house = await setUp("openrouter", answering(401, { error: { message: "no" } }));
    expect(await house.read()).toBeNull();
    expect(house.upstream.calls.length).toBe(1);
  });

  it("is not asked of a provider that never says it", async () => {
    await using house = await setUp("groq", answering(200, record));
    expect(await house.read()).toBeNull();
    expect(house.upstream.calls.length).toBe(0);
  });

  it("is nobody's concern once the provider is closed, asked for or not", async () => {
    await using house = await setUp("openrouter", () => {});
    const asked = house.read();
    await until(() => house.upstream.calls.length === 1);
    await house.provider[Symbol.asyncDispose]();
    expect(await asked).toBeNull();
    expect(await house.read()).toBeNull();
    expect(house.upstream.calls.length).toBe(1);
  });
});
