import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.js";
import { ask, chat, chatUrl, KEY } from "../testing/ask.js";
import { call, openCall } from "../testing/http-client.js";

const simulator = await startSimulator({ latency: "off" });
afterAll(() => simulator[Symbol.asyncDispose]());
beforeEach(() => simulator.control.reset());

const url = (path: string) => `${simulator.url}/control/${path}`;

describe("control over HTTP", () => {
  test("sets faults, lists calls, counts them and resets", async () => {
    const rules = [{ model: "ada-large", calls: [1], fault: { kind: "status", status: 503 } }];
    expect(JSON.parse((await call(url("faults"), { json: { rules } })).text)).toEqual({ rules: 1 });
    expect((await ask(simulator, "openrouter", chat("ada-large"))).status).toBe(503);
    expect((await ask(simulator, "openrouter", chat("ada-large"))).status).toBe(200);
    const { calls } = JSON.parse((await call(url("ledger?model=ada-large&after=1"))).text) as {
      calls: unknown[];
    };
    expect(calls).toMatchObject([{ id: 2, state: "finished", body: chat("ada-large") }]);
    expect(JSON.parse((await call(url("stats"))).text)).toMatchObject({
      received: 2,
      failed: 1,
      finished: 1,
    });
    await call(url("reset"), { method: "POST" });
    expect(JSON.parse((await call(url("ledger"))).text)).toEqual({ calls: [] });
  });

  test("says all that is wrong", async () => {
    const rules = [{ model: "a", calls: "all", fault: { kind: "status" } }, { model: "b" }];
    const reply = await call(url("faults"), { json: { rules } });
    const { error } = JSON.parse(reply.text) as { error: { problems: { path: string }[] } };
    expect(reply.status).toBe(400);
    expect(error.problems.map(({ path }) => path)).toEqual([
      "rules.0.fault.0.status",
      "rules.1.calls",
      "rules.1.fault.0",
    ]);
    expect((await call(url("faults"), { body: "{" })).status).toBe(400);
    expect((await call(url("ledger?state=lost"))).status).toBe(400);
    expect((await call(url("answers"))).status).toBe(404);
  });

  test("is not for web pages", async () => {
    for (const headers of [{ origin: "http://evil.example" }, { host: "evil.example" }] as Record<
      string,
      string
    >[]) {
      expect((await call(url("stats"), { headers })).status).toBe(403);
    }
  });
});

describe("what the ledger sees", () => {
  test("never a key", async () => {
    const canary = "sk-CANARY-0123456789abcdef";
    const headers = {
      authorization: `Bearer ${canary}`,
      cookie: "a=b",
      "x-api-key": canary,
      "x-title": "Synod",
    };
    await call(chatUrl(simulator, "openrouter"), { json: chat("ada-large"), headers });
    const text = (await call(url("ledger"))).text;
    expect(text).not.toContain("CANARY");
    expect(simulator.control.ledger()).toMatchObject([
      { key: { length: canary.length, last4: "cdef" }, headers: { "x-title": "Synod" } },
    ]);
  });

  test("a client that leaves a paced stream, at once", async () => {
    await using paced = await startSimulator({ latency: { medianMs: 1, sigma: 0, tokensPerSecond: 100 } });
    const body = chat("bench/echo-5000-at-100", undefined, { stream: true });
    const open = openCall(chatUrl(paced, "openrouter"), { json: body });
    await open.firstBytes;
    await paced.control.until(() => (paced.control.ledger()[0]?.tokensSent ?? 0) > 2);
    const left = Date.now();
    open.leave();
    await paced.control.until(() => paced.control.stats().aborted === 1);
    expect(Date.now() - left).toBeLessThan(1_000);
    expect(paced.control.ledger()).toMatchObject([{ state: "aborted", stream: true }]);
    const { tokensSent } = paced.control.ledger()[0] ?? { tokensSent: -1 };
    expect(tokensSent).toBeLessThan(5_000);
    expect((await open.reply).complete).toBe(false);
  });

  test("a client that leaves before a whole reply comes", async () => {
    await using slow = await startSimulator({ latency: { medianMs: 60_000, sigma: 0 } });
    const open = openCall(chatUrl(slow, "groq"), {
      json: chat("m"),
      headers: { authorization: `Bearer ${KEY}` },
    });
    await slow.control.until(() => slow.control.ledger()[0]?.state === "received");
    open.leave();
    await slow.control.until(() => slow.control.ledger()[0]?.state === "aborted");
    expect(slow.control.stats()).toMatchObject({ received: 1, aborted: 1, tokensSent: 0 });
  });
});

test("control over HTTP can be switched off", async () => {
  await using closed = await startSimulator({ latency: "off", httpControl: false });
  for (const path of ["ledger", "stats"])
    expect((await call(`${closed.url}/control/${path}`)).status).toBe(404);
  expect(closed.control.stats().received).toBe(0);
});

test("connections can be refused for a while", async () => {
  await simulator.control.refuseConnections();
  expect(await ask(simulator, "openrouter", chat("ada-large"))).toMatchObject({
    status: 0,
    error: "ECONNREFUSED",
  });
  await simulator.control.acceptConnections();
  expect(await ask(simulator, "openrouter", chat("ada-large"))).toMatchObject({ status: 200 });
  expect(simulator.control.ledger()).toHaveLength(1);
});

test("a body that is too large is refused", async () => {
  const reply = await ask(simulator, "openrouter", chat("ada-large", "x".repeat(33 * 1024 * 1024)));
  expect(reply.status).toBe(413);
  expect(simulator.control.ledger()).toMatchObject([{ status: 413, body: null }]);
});
