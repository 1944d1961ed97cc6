import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import { bytesOf, groqStream } from "../testing/transcripts.js";
import { until } from "../testing/until.js";

const model = "groq/llama-3.3-70b-versatile";
const well = streaming(bytesOf(groqStream));
const error = (status: number, headers = {}) => answering(status, { error: { message: "no" } }, headers);

/** Answers by turns, the last one for ever. */
const byTurns = (...scripts: readonly Script[]): Script => {
  let turn = 0;
  return (response, call) => scripts[Math.min(turn++, scripts.length - 1)]?.(response, call);
};

async function askAgain(script: Script, settings = {}, request = {}) {
  await using upstream = await startUpstream(script);
  const provider = providerAt(upstream.url, "groq", { maxAttempts: 3, ...settings });
  await using gateway = startGateway([provider]);
  const completion = question(model, request);
  const outcome = await gateway.client.complete({ completion }).then(
    (answer) => `answered after ${answer.completion?.attempts}`,
    async (reason) => (await failureOfCall(Promise.reject(reason))).reason,
  );
  const keys = upstream.calls.map(({ headers }) => String(headers.authorization).slice("Bearer ".length));
  return { outcome, paid: upstream.calls.length, keys, bodies: upstream.calls.map(({ body }) => body) };
}

describe("asking the same model again", () => {
  it.each<[string, Script, { outcome: string; paid: number }]>([
    ["after HTTP 500 (F3)", byTurns(error(500), well), { outcome: "answered after 2", paid: 2 }],
    ["twice at most (F3)", error(503), { outcome: "upstream_error", paid: 3 }],
    [
      "once after what cannot be read (F13)",
      answering(200, "<p>"),
      { outcome: "invalid_upstream_response", paid: 2 },
    ],
    ["never after a refused request (F5)", error(400), { outcome: "upstream_rejected", paid: 1 }],
    ["never after a refused key (F5)", error(401), { outcome: "provider_auth", paid: 1 }],
    [
      "after a limit, when it has passed (F1)",
      byTurns(error(429, { "retry-after": "0.05" }), well),
      { outcome: "answered after 2", paid: 2 },
    ],
    [
      "after a limit that names no wait (F2)",
      byTurns(error(429), well),
      { outcome: "answered after 2", paid: 2 },
    ],
    [
      "after a connection that broke before its answer (F3)",
      byTurns((response) => response.destroy(), well),
      { outcome: "answered after 2", paid: 2 },
    ],
  ])("%s", async (_, script, expected) => {
    expect(await askAgain(script)).toMatchObject(expected);
  });

  it("not after a limit that passes too late (F1)", async () => {
    const request = { timeout: { seconds: 1n, nanos: 0 } };
    const { outcome, paid } = await askAgain(error(429, { "retry-after": "5" }), {}, request);
    expect([outcome, paid]).toEqual(["rate_limit_exceeded", 1]);
  });

  it("not after silence, whose cost nobody knows (F10)", async () => {
    const { outcome, paid } = await askAgain(() => {}, {
      timeouts: { firstTokenMs: 60, idleMs: 60, totalMs: 5_000 },
    });
    expect([outcome, paid]).toEqual(["upstream_timeout", 1]);
  });

  it("with the other keys when one is refused or limited", async () => {
    const keys = ["key-of-ada", "key-of-bea", "key-of-cyd"];
    const script: Script = (response, call) => {
      const key = String(call.headers.authorization).slice("Bearer ".length);
      if (key === keys[0]) error(401)(response, call);
      else if (key === keys[1]) error(429, { "retry-after": "60" })(response, call);
      else well(response, call);
    };
    await using upstream = await startUpstream(script);
    await using gateway = startGateway([providerAt(upstream.url, "groq", { keys, maxAttempts: 1 })]);
    for (let i = 0; i < 4; i++) await gateway.client.complete({ completion: question(model) });
    const used = upstream.calls.map(({ headers }) => String(headers.authorization).slice("Bearer ".length));
    expect(used.filter((key) => key === keys[2])).toHaveLength(4);
    expect(used.filter((key) => key === keys[0]).length).toBeLessThanOrEqual(1);
    expect(used.filter((key) => key === keys[1]).length).toBeLessThanOrEqual(1);
    expect(used.length).toBeLessThanOrEqual(6);
  });

  it("in the ordinary tier when the cheap one is full (498)", async () => {
    const request = { extraJson: '{"service_tier":"flex"}' };
    const full = answering(498, { error: { message: "full", code: "capacity_exceeded" } });
    const { outcome, bodies } = await askAgain(byTurns(full, well), {}, request);
    expect(outcome).toBe("answered after 2");
    expect(bodies.map((body) => body["service_tier"])).toEqual(["flex", "on_demand"]);
  });

  it("in the ordinary tier from the first call on while the cheap one is full (498)", async () => {
    const full = answering(498, { error: { message: "full", code: "capacity_exceeded" } });
    await using upstream = await startUpstream(byTurns(full, well));
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })]);
    const ask = (extraJson: string) =>
      gateway.client.complete({ completion: question(model, { extraJson }) });
    const answers = [await ask('{"service_tier":"flex"}'), await ask('{"service_tier":"flex"}')];
    expect(answers.map(({ completion }) => completion?.attempts)).toEqual([2, 1]);
    expect(upstream.calls.map(({ body }) => body["service_tier"])).toEqual([
      "flex",
      "on_demand",
      "on_demand",
    ]);
  });
});

describe("a limit that passes", () => {
  const limited = (seconds: string) => error(429, { "retry-after": seconds });

  it("is waited for by all whom it turned away, who come back a few at a time (F1)", async () => {
    const asked = 50;
    let [running, most] = [0, 0];
    await using upstream = await startUpstream((response, call) => {
      if (upstream.calls.length <= asked) return limited("0.3")(response, call);
      most = Math.max(most, (running += 1));
      response.on("close", () => (running -= 1));
      setTimeout(() => well(response, call), 5);
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })]);
    const calls = Array.from({ length: asked }, () =>
      gateway.client.complete({ completion: question(model) }),
    );
    expect(await Promise.all(calls)).toHaveLength(asked);
    expect(upstream.calls.length).toBe(2 * asked);
    expect(most).toBeLessThanOrEqual(asked / 5);
    expect(await gateway.metrics.text()).toMatch(/synod_upstream_wait_seconds_count\{.*\} 50/);
  });

  it("is told in the provider's words, with the wait that is left, when it will pass too late after all (F1)", async () => {
    let answerSecond = (): void => {};
    await using upstream = await startUpstream((response, call) => {
      if (upstream.calls.length === 1) limited("1")(response, call);
      else answerSecond = () => limited("60")(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })]);
    const completion = question(model, { timeout: { seconds: 10n, nanos: 0 } });
    const failures = [1, 2].map(() => failureOfCall(gateway.client.complete({ completion })));
    await until(() => upstream.calls.length === 2);
    await expect.poll(() => gateway.metrics.text()).toMatch(/synod_upstream_waiting\{.*\} 1/);
    answerSecond();
    for (const failure of await Promise.all(failures)) {
      expect(failure).toMatchObject({ reason: "rate_limit_exceeded", message: `${model}: no` });
      expect(failure.retryAfterMs).toBeGreaterThan(55_000);
    }
    expect(upstream.calls.length).toBe(2);
  });

  it("keeps no other model from being repeated (F1)", async () => {
    await using upstream = await startUpstream((response, call) => {
      const turn = upstream.calls.filter(({ body }) => body["model"] === call.body["model"]).length;
      if (call.body["model"] === "broken" && turn === 1) error(500)(response, call);
      else if (call.body["model"] === "limited" && turn <= 3) limited("60")(response, call);
      else well(response, call);
    });
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })]);
    const caller = new AbortController();
    const waiting = [1, 2, 3].map(() =>
      failureOfCall(
        gateway.client.complete({ completion: question("groq/limited") }, { signal: caller.signal }),
      ),
    );
    await until(() => upstream.calls.length === 3);
    const answer = await gateway.client.complete({ completion: question("groq/broken") });
    expect(answer.completion?.attempts).toBe(2);
    caller.abort();
    expect((await Promise.all(waiting)).map(({ reason }) => reason)).toEqual(Array(3).fill("canceled"));
    expect(upstream.calls.length).toBe(5);
  });

  it("counts no call whose caller left before it was made", async () => {
    const held: (() => void)[] = [];
    await using upstream = await startUpstream((response, call) => held.push(() => well(response, call)));
    const settings = { limits: { maxConcurrency: 1, requestsPerMinute: 2 } };
    await using gateway = startGateway([providerAt(upstream.url, "groq", settings)]);
    const caller = new AbortController();
    const ask = (options = {}) => gateway.client.complete({ completion: question(model) }, options);
    const first = ask();
    await until(() => held.length === 1);
    const left = failureOfCall(ask({ signal: caller.signal }));
    await expect.poll(() => gateway.metrics.text()).toMatch(/synod_upstream_waiting\{.*\} 1/);
    caller.abort();
    expect((await left).reason).toBe("canceled");
    const third = ask();
    held[0]?.();
    await until(() => held.length === 2);
    held[1]?.();
    await Promise.all([first, third]);
    expect(upstream.calls.length).toBe(2);
  });
});

it("a call that reached nobody takes nothing of a limit (F23)", async () => {
  await using gone = await startUpstream(well);
  await gone[Symbol.asyncDispose]();
  const settings = { maxAttempts: 1, limits: { requestsPerMinute: 1 } };
  await using gateway = startGateway([providerAt(gone.url, "groq", settings)]);
  for (const _ of [1, 2]) {
    expect(await failureOfCall(gateway.client.complete({ completion: question(model) }))).toMatchObject({
      reason: "provider_unreachable",
    });
  }
});

describe("where nobody may wait", () => {
  const settings = { maxQueue: 0 };

  it("a failure is repeated all the same: backing off is no waiting (F3)", async () => {
    expect(await askAgain(byTurns(error(500), well), settings)).toMatchObject({
      outcome: "answered after 2",
      paid: 2,
    });
  });

  it("a limit is passed on as the provider tells it (F1)", async () => {
    await using upstream = await startUpstream(error(429, { "retry-after": "2" }));
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3, ...settings })]);
    expect(await failureOfCall(gateway.client.complete({ completion: question(model) }))).toEqual({
      reason: "rate_limit_exceeded",
      message: `${model}: no`,
      retryable: true,
      retryAfterMs: 2_000,
    });
    expect(upstream.calls.length).toBe(1);
    expect(await gateway.metrics.text()).toMatch(/synod_upstream_refused_total\{[^}]*"overloaded"[^}]*\} 1/);
  });
});

describe("an upstream that always fails", () => {
  it("gets little more than was asked, then nothing until it is tried again (F3)", async () => {
    await using upstream = await startUpstream(error(500));
    await using gateway = startGateway([providerAt(upstream.url, "groq", { maxAttempts: 3 })]);
    const asked = 50;
    const failures = await Promise.all(
      Array.from({ length: asked }, () =>
        failureOfCall(gateway.client.complete({ completion: question(model) })),
      ),
    );
    expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(["upstream_error"]));
    expect(upstream.calls.length).toBeLessThanOrEqual(asked * 1.2);
    const before = upstream.calls.length;
    const shut = await failureOfCall(gateway.client.complete({ completion: question(model) }));
    expect(shut.message).toMatch(/not asked, for it failed 5 times in a row/);
    expect(shut.retryAfterMs).toBeGreaterThan(0);
    expect(upstream.calls.length).toBe(before);
    expect(await gateway.metrics.text()).toMatch(/synod_upstream_breakers\{[^}]*state="open"[^}]*\} 1/);
  });
});

describe("a conversation that cannot fit", () => {
  it("is refused before any call", async () => {
    await using upstream = await startUpstream(well);
    const models = { "llama-3.3-70b-versatile": { contextTokens: 1 } };
    await using gateway = startGateway([providerAt(upstream.url, "groq", { models })]);
    expect(await failureOfCall(gateway.client.complete({ completion: question(model) }))).toMatchObject({
      reason: "context_length_exceeded",
      retryable: false,
    });
    expect(upstream.calls.length).toBe(0);
  });
});
