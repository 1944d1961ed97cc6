import { type AddressInfo, createServer } from "node:net";
import { askInsteadOf, spentOf } from "@synod/rpc";
import type { ProviderSettings } from "@synod/settings";
import { createLogger, createMetrics, noTracer } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { upstreamEvents } from "../events.js";
import { ModelFacts } from "../models/model-facts.js";
import { openProvider } from "../providers/provider.js";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import {
  answering,
  type Script,
  startUpstream,
  streaming,
  streamingOpen,
} from "../testing/scripted-upstream.js";
import { bytesOf, groqStream, openrouterChunk, openrouterStream } from "../testing/transcripts.js";
import { until } from "../testing/until.js";
import type { Answer } from "./answer.js";
import { ask } from "./ask.js";

const asked = "acme/one";
const sameProvider = "acme/two";
const otherProvider = "groq/llama-3.3-70b-versatile";
const error = (code: number, message: string) => answering(code, { error: { code, message } });
const platformLimit = answering(
  429,
  { error: { code: 429, message: "Rate limit exceeded" } },
  { "x-ratelimit-limit": "20" },
);

/** Asks OpenRouter, which answers as scripted, with Groq and OpenRouter again to fall back on. */
async function fallBack(script: Script, timers = {}) {
  await using first = await startUpstream((response, call) => {
    if (call.body["model"] === "acme/one") script(response, call);
    else streaming(bytesOf(openrouterStream))(response, call);
  });
  await using second = await startUpstream(streaming(bytesOf(groqStream)));
  const providers = [providerAt(first.url, "openrouter"), providerAt(second.url, "groq")];
  await using gateway = startGateway(providers, { timers });
  const completion = question(asked, { fallbacks: [sameProvider, otherProvider] });
  const outcome = await gateway.client.complete({ completion }).then(
    (answer) => ({ model: answer.completion?.model, attempts: answer.completion?.attempts }),
    () => ({ model: "none", attempts: undefined }),
  );
  return { ...outcome, paid: [first.calls.length, second.calls.length] };
}

const viaSame = { model: `openrouter/${sameProvider}`, attempts: 2, paid: [2, 0] };
const viaOther = { model: otherProvider, attempts: 2, paid: [1, 1] };
const stays = { model: "none", paid: [1, 0] };

describe("fallbacks", () => {
  it.each<[string, Script, object]>([
    ["nothing went wrong", streaming(bytesOf(openrouterStream)), { attempts: 1, paid: [1, 0] }],
    ["HTTP 500 (F3)", error(500, "Internal Server Error"), viaSame],
    ["HTTP 502 with HTML (F4)", answering(502, "<html>bad gateway</html>"), viaSame],
    ["HTTP 503 (F3)", error(503, "Service temporarily unavailable"), viaSame],
    ["HTTP 529 (F3)", error(529, "Provider returned error"), viaSame],
    ["HTTP 408", error(408, "Operation timed out"), viaSame],
    ["a limit of a provider behind it", error(429, "Provider returned error"), viaSame],
    ["its own limit: the same key hits it again", platformLimit, viaOther],
    ["a refused key (F5)", error(401, "User not found."), viaOther],
    ["used-up credit (F5)", error(402, "Insufficient credits"), viaOther],
    ["an unknown model (F5)", error(400, "acme/one is not a valid model ID"), viaSame],
    ["an unknown model, 404", error(404, "Resource not found"), viaSame],
    ["a refused request (F5)", error(400, "Invalid request parameters"), stays],
    ["a context that is too long (F5)", error(413, "Request payload too large"), stays],
    [
      "moderation (F5)",
      answering(403, { error: { code: 403, message: "no", metadata: { reasons: ["x"] } } }),
      stays,
    ],
    [
      "an error before the first token (F7)",
      streaming(Buffer.from('data: {"error":{"code":502}}\n\n')),
      viaSame,
    ],
    ["no answer before the end (F9)", streaming(Buffer.from(": PROCESSING\n\n")), viaSame],
    ["no JSON (F13)", answering(200, "<html></html>"), viaSame],
    [
      "an error after the first token (F7)",
      streaming(bytesOf([openrouterChunk({ content: "4" }), 'data: {"error":{"code":502}}'])),
      stays,
    ],
    ["an end after the first token (F9)", streaming(bytesOf([openrouterChunk({ content: "4" })])), stays],
    ["an empty answer (F18)", streaming(bytesOf([openrouterChunk({ content: "" }, "stop")])), stays],
    ["a redirect (F22)", answering(307, "", { location: "http://127.0.0.1:1/" }), viaOther],
  ])("after %s", async (_, script, expected) => {
    expect(await fallBack(script)).toMatchObject(expected);
  });

  it("after a first token that did not come in time (F10)", async () => {
    expect(await fallBack(() => {}, { firstTokenMs: 800 })).toMatchObject(viaSame);
  });

  it("after comments instead of a first token (F10)", async () => {
    const comments: Script = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const flood = setInterval(() => response.write(": OPENROUTER PROCESSING\n\n"), 5);
      response.on("close", () => clearInterval(flood));
    };
    expect(await fallBack(comments, { firstTokenMs: 800, idleMs: 400 })).toMatchObject(viaSame);
  });

  it("not after silence that follows the first token (F11)", async () => {
    const silent = streamingOpen(bytesOf([openrouterChunk({ content: "4" })]));
    expect(await fallBack(silent, { idleMs: 60 })).toMatchObject(stays);
  });

  it("not when no time is left (F12)", async () => {
    expect(await fallBack(() => {}, { totalMs: 500 })).toMatchObject(stays);
  });

  it("at once when nobody listens (F23)", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await using second = await startUpstream(streaming(bytesOf(groqStream)));
    const settings = { maxAttempts: 3 };
    await using gateway = startGateway([
      providerAt(`http://127.0.0.1:${port}`, "openrouter", settings),
      providerAt(second.url, "groq", settings),
    ]);
    const completion = question(asked, { fallbacks: [otherProvider] });
    // One that finds nobody, and no wait before the other.
    expect((await gateway.client.complete({ completion })).completion?.attempts).toBe(2);
    expect(second.calls.length).toBe(1);
    expect(await gateway.metrics.text()).not.toMatch(/synod_upstream_repeats_total\{/);
  });

  it("come first when nobody listens, then it is tried again (F23)", async () => {
    await using gone = await startUpstream(() => {});
    await gone[Symbol.asyncDispose]();
    await using second = await startUpstream(error(404, "no such model"));
    const settings = { maxAttempts: 3 };
    await using gateway = startGateway([
      providerAt(gone.url, "openrouter", settings),
      providerAt(second.url, "groq", settings),
    ]);
    const completion = question(asked, { fallbacks: ["groq/unknown"] });
    expect(await failureOfCall(gateway.client.complete({ completion }))).toMatchObject({
      reason: "provider_unreachable",
      retryable: true,
    });
    const text = await gateway.metrics.text();
    expect(text).toMatch(/attempts_total\{[^}]*"openrouter"[^}]*\} 3\n/);
    expect(second.calls.length).toBe(1);
  });

  it("after a provider without a key, which is not asked", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(groqStream)));
    const providers = [
      providerAt(upstream.url, "openrouter", { keys: [] }),
      providerAt(upstream.url, "groq"),
    ];
    await using gateway = startGateway(providers);
    const completion = question(asked, { fallbacks: [otherProvider] });
    expect((await gateway.client.complete({ completion })).completion).toMatchObject({
      model: otherProvider,
      attempts: 1,
    });
    expect(upstream.calls.length).toBe(1);
    const failure = await failureOfCall(gateway.client.complete({ completion: question(asked) }));
    expect(failure).toMatchObject({ reason: "provider_not_configured", retryable: false });
    expect(upstream.calls.length).toBe(1);
  });

  it("after what Groq is known to refuse, before any call", async () => {
    await using upstream = await startUpstream(streaming(bytesOf(openrouterStream)));
    await using gateway = startGateway([
      providerAt(upstream.url, "openrouter"),
      providerAt(upstream.url, "groq"),
    ]);
    const extra = { extraJson: '{"logprobs":true}' };
    const refused = gateway.client.complete({ completion: question(otherProvider, extra) });
    expect(await failureOfCall(refused)).toMatchObject({ reason: "invalid_value" });
    expect(upstream.calls.length).toBe(0);
    const completion = question(otherProvider, { ...extra, fallbacks: [asked] });
    expect((await gateway.client.complete({ completion })).completion?.attempts).toBe(1);
    expect(upstream.calls).toMatchObject([{ body: { model: asked, logprobs: true } }]);
  });

  it("tell of the failure that may pass, and how long to wait", async () => {
    await using upstream = await startUpstream((response, call) => {
      const status = call.body["model"] === "acme/one" ? 404 : 429;
      answering(status, { error: { code: status, message: "no" } }, { "retry-after": "7" })(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter")]);
    const completion = question(asked, { fallbacks: [sameProvider] });
    expect(await failureOfCall(gateway.client.complete({ completion }))).toEqual({
      reason: "rate_limit_exceeded",
      message: "openrouter/acme/two: no",
      retryable: true,
      retryAfterMs: 7_000,
    });
    expect(upstream.calls.length).toBe(2);
  });

  it("tell the shortest wait of several limits (F1)", async () => {
    const waits: Record<string, string> = { "acme/one": "40", "acme/two": "20", "acme/three": "30" };
    await using upstream = await startUpstream((response, call) => {
      const headers = { "retry-after": waits[String(call.body["model"])] ?? "" };
      answering(429, { error: { code: 429, message: "busy" } }, headers)(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", { maxAttempts: 3 })]);
    const timeout = { seconds: 10n, nanos: 0 };
    const completion = question("acme/one", { fallbacks: ["acme/two", "acme/three"], timeout });
    const failure = await failureOfCall(gateway.client.complete({ completion }));
    expect(failure).toMatchObject({ reason: "rate_limit_exceeded", retryable: true });
    expect(failure.retryAfterMs).toBeGreaterThan(19_000);
    expect(failure.retryAfterMs).toBeLessThanOrEqual(22_000);
    expect(upstream.calls.length).toBe(3);
  });
});

describe("fallbacks that the caller asks itself", () => {
  const fallbacks = [sameProvider, otherProvider];

  async function refuse(script: Script, more = {}, settings: Partial<ProviderSettings> = {}) {
    await using upstream = await startUpstream(script);
    const providers = [
      providerAt(upstream.url, "openrouter", settings),
      providerAt(upstream.url, "groq", settings),
    ];
    await using gateway = startGateway(providers);
    const completion = question(asked, { fallbacks, callerAsksFallbacks: true, ...more });
    const error: unknown = await gateway.client.complete({ completion }).catch((thrown: unknown) => thrown);
    return { askInstead: askInsteadOf(error), spent: spentOf(error).attempts, paid: upstream.calls.length };
  }

  it.each<[string, Script, readonly string[]]>([
    ["all, after HTTP 500", error(500, "Internal Server Error"), fallbacks],
    [
      "those of another provider on, after used-up credit",
      error(402, "Insufficient credits"),
      [otherProvider],
    ],
    ["all, after a limit where nobody is asked twice", error(429, "busy"), fallbacks],
    ["nobody, after a refused request", error(400, "Invalid request parameters"), []],
    ["nobody, after a part of the answer", streaming(bytesOf([openrouterChunk({ content: "4" })])), []],
  ])("are named in the error: %s", async (_, script, askInstead) => {
    expect(await refuse(script)).toEqual({ askInstead, spent: 1, paid: 1 });
  });

  it("are not followed by the model itself, whose calls could not be counted then", async () => {
    const refused = await refuse(error(429, "busy"), {}, { maxAttempts: 2 });
    expect(refused).toEqual({ askInstead: fallbacks, spent: 1, paid: 1 });
  });

  it("are not named where they were asked", async () => {
    const { askInstead, paid } = await refuse(error(500, "no"), { callerAsksFallbacks: false });
    expect({ askInstead, paid }).toEqual({ askInstead: [], paid: 3 });
  });
});

describe("a provider's limit of calls at once", () => {
  it("holds, and places are given on", async () => {
    let running = 0;
    let most = 0;
    await using upstream = await startUpstream((response, call) => {
      running += 1;
      most = Math.max(most, running);
      response.on("close", () => {
        running -= 1;
      });
      setImmediate(() => streaming(bytesOf(openrouterStream))(response, call));
    });
    const limited: Partial<ProviderSettings> = { limits: { maxConcurrency: 2 } };
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", limited)]);
    const calls = Array.from({ length: 9 }, () => gateway.client.complete({ completion: question(asked) }));
    expect(await Promise.all(calls)).toHaveLength(9);
    expect(most).toBeLessThanOrEqual(2);
    expect(upstream.calls.length).toBe(9);
  });

  it("lets those who wait leave", async () => {
    await using upstream = await startUpstream(() => {});
    await using gateway = startGateway([
      providerAt(upstream.url, "openrouter", { limits: { maxConcurrency: 1 } }),
    ]);
    const caller = new AbortController();
    const options = { signal: caller.signal };
    const calls = [1, 2].map(() =>
      failureOfCall(gateway.client.complete({ completion: question(asked) }, options)),
    );
    await until(() => upstream.calls.length === 1);
    caller.abort();
    expect((await Promise.all(calls)).map(({ reason }) => reason)).toEqual(["canceled", "canceled"]);
    expect(upstream.calls.length).toBe(1);
  });
});

describe("who waits", () => {
  it("is counted whatever for, and so is who is refused", async () => {
    await using upstream = await startUpstream(() => {});
    const settings = { maxQueue: 5, models: { [asked]: { maxConcurrency: 1, timeouts: {} } } };
    await using gateway = startGateway([providerAt(upstream.url, "openrouter", settings)]);
    const caller = new AbortController();
    const calls = Array.from({ length: 8 }, () =>
      failureOfCall(gateway.client.complete({ completion: question(asked) }, { signal: caller.signal })),
    );
    await until(() => upstream.calls.length === 1);
    await expect.poll(() => gateway.metrics.text()).toMatch(/synod_upstream_waiting\{.*\} 5/);
    const text = await gateway.metrics.text();
    expect(text).toMatch(/synod_upstream_refused_total\{[^}]*reason="overloaded"[^}]*\} 2/);
    expect(text).not.toMatch(/synod_upstream_wait_seconds_count\{/);
    caller.abort();
    const reasons = (await Promise.all(calls)).map(({ reason }) => reason);
    expect(reasons.toSorted()).toEqual([...Array(6).fill("canceled"), "overloaded", "overloaded"]);
    await expect.poll(() => gateway.metrics.text()).toMatch(/synod_upstream_wait_seconds_count\{.*\} 5/);
    expect(upstream.calls.length).toBe(1);
  });
});

describe("an answer that nobody reads any more", () => {
  it("ends with its caller's signal alone: nobody else may ever touch it", async () => {
    await using upstream = await startUpstream(streamingOpen(bytesOf([openrouterChunk({ content: "4" })])));
    await using provider = openProvider(
      providerAt(upstream.url, "openrouter", { limits: { maxConcurrency: 1 } }),
    );
    const deps = {
      providers: new Map([[provider.id, provider]]),
      facts: new ModelFacts({ peek: () => undefined }),
      events: upstreamEvents(createMetrics({ service: "test" })),
      logger: createLogger({ level: "silent", service: "test" }),
      tracer: noTracer,
      random: () => 0,
    };
    const answers: Answer[] = [];
    for (let round = 1; round <= 2; round++) {
      const caller = new AbortController();
      // The second one gets the only place, so the first has given it back.
      const answer = await ask(deps, question(asked), {
        signal: caller.signal,
        remainingMs: () => Infinity,
      });
      caller.abort();
      await until(() => upstream.cut === round);
      answers.push(answer);
    }
    expect(await answers[0]?.next()).toMatchObject({ text: "4" });
    await expect(answers[0]?.next()).rejects.toMatchObject({ error: { reason: "canceled" } });
    expect(upstream.calls.length).toBe(2);
  });
});
