import { spentOf } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import {
  answering,
  type Script,
  startUpstream,
  streaming,
  streamingOpen,
} from "../testing/scripted-upstream.js";
import { bytesOf, groqChunk, openrouterChunk, openrouterUsage } from "../testing/transcripts.js";

const groqModel = "groq/llama-3.3-70b-versatile";

/** Fails with a model and its fallbacks; what the error says of money, beside what the upstream saw. */
async function failing(script: Script, model = "acme/one", fallbacks: string[] = [], timers = {}) {
  await using upstream = await startUpstream(script);
  const providers = [providerAt(upstream.url, "openrouter"), providerAt(upstream.url, "groq")];
  await using gateway = startGateway(providers, { timers });
  const call = gateway.client.complete({ completion: question(model, { fallbacks }) });
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { retryable, paidPartial = false } = await failureOfCall(Promise.reject(error));
  const { usage, attempts } = spentOf(error);
  const paid = upstream.calls.filter(({ method }) => method === "POST").length;
  return { usage, attempts, retryable, paidPartial, paid };
}

const generation = { native_tokens_prompt: 10, native_tokens_completion: 3, total_cost: 0.0000021 };

/** Fails as scripted, and says afterwards what that call cost. */
const withGeneration =
  (script: Script): Script =>
  (response, call) => {
    if (call.method === "POST") script(response, call);
    else if (call.path !== "/v1/generation?id=gen-7") status(404)(response, call);
    else answering(200, { data: generation })(response, call);
  };

const status = (code: number): Script => answering(code, { error: { code, message: "no" } });
const cut = streaming(bytesOf([openrouterChunk({ content: "12345678" })]));

describe("what a question cost that got no answer", () => {
  it.each([429, 500, 502, 503, 401, 402, 400])("HTTP %i: nothing", async (code) => {
    const { usage, attempts, paid } = await failing(status(code));
    expect(usage).toMatchObject({ inputTokens: 0n, outputTokens: 0n, costUsdNanos: 0n, estimated: false });
    expect([attempts, paid]).toEqual([1, 1]);
  });

  it("HTTP 500 may be asked again", async () => {
    expect((await failing(status(500))).retryable).toBe(true);
  });

  it.each<[string, Script, object]>([
    ["HTTP 504", status(504), {}],
    ["a silence before the first token", () => {}, { firstTokenMs: 100 }],
    ["a silence after it", streamingOpen(bytesOf([openrouterChunk({ content: "4" })])), { idleMs: 100 }],
    ["a cut", cut, {}],
    ["no JSON", answering(200, "<html></html>"), {}],
  ])("%s: nobody knows, and asking again would pay again", async (_, script, timers) => {
    const { usage, attempts, paid, retryable } = await failing(script, "acme/one", [], timers);
    expect(usage?.costUsdNanos).toBeUndefined();
    expect(usage?.estimated).toBe(true);
    expect(usage?.inputTokens).toBeGreaterThan(0n);
    expect([attempts, paid, retryable]).toEqual([1, 1, false]);
  });

  const head = { "content-type": "text/event-stream", "x-generation-id": "gen-7" };
  it.each<[string, Script]>([
    ["HTTP 504", answering(504, { error: { code: 504, message: "no" } }, head)],
    ["HTTP 504 whose body stalls", (response) => response.writeHead(504, head).write("{")],
    ["a silence after the head", (response) => response.writeHead(200, head).flushHeaders()],
    [
      "a connection that broke after the head",
      (response) => {
        response.writeHead(200, head).write(":", () => response.destroy());
      },
    ],
  ])("%s: what OpenRouter says of it afterwards", async (_, script) => {
    const timers = { firstTokenMs: 100 };
    const { usage, retryable, paid } = await failing(withGeneration(script), "acme/one", [], timers);
    expect(usage).toMatchObject({ inputTokens: 10n, costUsdNanos: 2_100n, estimated: false });
    expect([retryable, paid]).toEqual([false, 1]);
  });

  it("a cut at a provider of known prices: what had been written", async () => {
    const { usage, paid } = await failing(
      streaming(bytesOf([groqChunk({ content: "12345678" })])),
      groqModel,
    );
    expect(usage).toMatchObject({ outputTokens: 2n, estimated: true });
    expect(usage?.costUsdNanos).toBeGreaterThan(0n);
    expect(paid).toBe(1);
  });

  it.each<[string, Script, boolean]>([
    ["a cut after some text", cut, true],
    ["a cut after some reasoning", streaming(bytesOf([openrouterChunk({ reasoning: "hm" })])), true],
    ["an error beside some text", streaming(bytesOf([openrouterChunk({ content: "4" }, "error")])), true],
    ["a cut before any text", streaming(bytesOf([openrouterChunk({ content: "" })])), false],
    ["no answer", status(503), false],
  ])("says whether a part of an answer is paid for: %s (F7)", async (_, script, paidPartial) => {
    expect(await failing(script)).toMatchObject({ paidPartial, attempts: 1, paid: 1 });
  });

  it("says of no part that it is paid for where the model is free", async () => {
    const free = { "openai/free": { price: { input: 0n, output: 0n } } };
    await using upstream = await startUpstream(cut);
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { models: free })]);
    const failure = await failureOfCall(gateway.client.complete({ completion: question("openai/free") }));
    expect(failure.reason).toBe("invalid_upstream_response");
    expect(failure).not.toHaveProperty("paidPartial");
    expect(upstream.calls.length).toBe(1);
  });

  it("an empty answer: what the provider says", async () => {
    const empty = bytesOf([
      openrouterChunk({ content: "" }, "stop"),
      `data: ${JSON.stringify({ choices: [], usage: openrouterUsage })}`,
      "data: [DONE]",
    ]);
    const { usage, retryable, paid } = await failing(streaming(empty));
    expect(usage).toMatchObject({ inputTokens: 10n, costUsdNanos: 2_100n, estimated: false });
    expect([retryable, paid]).toEqual([false, 1]);
  });

  it("Groq's json_validate_failed was written, and is paid for", async () => {
    const rejected = answering(400, { error: { code: "json_validate_failed", message: "no JSON" } });
    const { usage, retryable, paid } = await failing(rejected, groqModel);
    expect(usage?.costUsdNanos).toBeGreaterThan(0n);
    expect(usage?.estimated).toBe(true);
    expect([retryable, paid]).toEqual([false, 1]);
  });

  it("counts every attempt, and adds them up", async () => {
    const script: Script = (response, call) =>
      (call.body["model"] === "acme/one" ? status(500) : status(504))(response, call);
    const { usage, attempts, paid } = await failing(script, "acme/one", ["acme/two"]);
    expect([attempts, paid]).toEqual([2, 2]);
    expect(usage?.costUsdNanos).toBeUndefined();
  });

  it("nothing when nothing was sent", async () => {
    const { usage, attempts, paid } = await failing(status(500), "groq/");
    expect([usage, attempts, paid]).toEqual([undefined, 0, 0]);
  });
});
