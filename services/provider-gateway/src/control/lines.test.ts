import { providerControls, type ProviderSettings } from "@synod/settings";
import { describe, expect, it } from "vitest";
import type { Blame, ProviderError } from "../providers/provider-error.js";
import type { Line } from "./line.js";
import { Lines } from "./lines.js";
import { WaitingRoom } from "./waiting-room.js";

const model = "llama";
const none: ReadonlySet<Line> = new Set();
const stays = new AbortController().signal;

function linesFor(keys: readonly string[], changes: Partial<ProviderSettings> = {}) {
  const clock = { now: 0 };
  const settings: ProviderSettings = {
    id: "groq",
    kind: "groq",
    baseUrl: "http://127.0.0.1:9",
    keys,
    keyRequired: true,
    simulated: false,
    ...providerControls(),
    ...changes,
  };
  const lines = new Lines({ settings, now: () => clock.now, random: () => 0 });
  const room = new WaitingRoom({ seats: 10, what: "groq" });
  const visit = (leftMs = 600_000) => room.enter({ signal: stays, leftMs: () => leftMs });
  const enter = async (name = model) => {
    const choice = lines.choose(name, 10, none);
    if (choice.kind !== "open") throw new Error(`no line: ${choice.error.message}`);
    const pass = (await choice.line.reserve(10, visit()))?.start();
    if (pass === undefined) throw new Error("no pass");
    return { line: choice.line, pass };
  };
  const enterTimes = async (times: number) => {
    const all = [];
    for (let time = 0; time < times; time++) all.push(await enter());
    return all;
  };
  /** How long a call waits, or why it is not made. */
  const state = (name = model) => {
    const choice = lines.choose(name, 10, none);
    return choice.kind === "open" ? choice.waitMs : choice.error;
  };
  return { clock, lines, visit, enter, enterTimes, state };
}

const failing = (blames: Blame, retryAfterMs?: number): ProviderError => ({
  reason: "upstream_error",
  message: "no",
  retryable: true,
  failOver: "any",
  repeats: 2,
  blames,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

describe("the lines of a provider", () => {
  it("spread calls over the keys", async () => {
    const { enterTimes } = linesFor(["a", "b", "c"]);
    const keys = (await enterTimes(9)).map(({ pass }) => pass.key.index);
    for (const index of [1, 2, 3]) expect(keys.filter((key) => key === index)).toHaveLength(3);
  });

  it("leave a refused key alone, but for one try a minute (F5)", async () => {
    const { clock, enter, enterTimes, state } = linesFor(["a", "b"]);
    const first = await enter();
    first.pass.failed(failing("key"));
    for (const { line } of await enterTimes(5)) expect(line).not.toBe(first.line);
    clock.now = 60_000;
    const tried = (await enterTimes(6)).filter(({ line }) => line === first.line);
    expect(tried).toHaveLength(1);
    tried[0]?.pass.failed(failing("key"));
    clock.now = 119_000;
    expect((await enterTimes(6)).map(({ line }) => line)).not.toContain(first.line);
    clock.now = 120_000;
    const [probe] = (await enterTimes(12)).filter(({ line }) => line === first.line);
    probe?.pass.succeeded();
    expect((await enterTimes(12)).map(({ line }) => line)).toContain(first.line);
    expect(state()).toBe(0);
  });

  it("say why when every key is refused", async () => {
    const { enter, state } = linesFor(["a"]);
    const refusal = failing("key");
    (await enter()).pass.failed(refusal);
    expect(state()).toEqual(refusal);
  });

  it("wait for a model's limit, and for no other model's", async () => {
    const { clock, enter, state } = linesFor(["a"]);
    (await enter()).pass.failed(failing("model_limit", 2_000));
    expect(state()).toBe(2_000);
    expect(state("other")).toBe(0);
    clock.now = 2_000;
    expect(state()).toBe(0);
  });

  it("wait for a key's limit with every model", async () => {
    const { enter, state } = linesFor(["a"]);
    (await enter()).pass.failed(failing("key_limit", 2_000));
    expect(state("other")).toBe(2_000);
  });

  it("choose the key whose limit passes first", async () => {
    const { enter, state } = linesFor(["a", "b"]);
    (await enter()).pass.failed(failing("key_limit", 5_000));
    expect(state()).toBe(0);
    (await enter()).pass.failed(failing("key_limit", 3_000));
    expect(state()).toBe(3_000);
  });

  it("ask nobody while a model keeps failing, then let one try (F3)", async () => {
    const { clock, enter, state } = linesFor(["a"]);
    for (let i = 0; i < 5; i++) (await enter()).pass.failed(failing("target"));
    expect(state()).toMatchObject({ reason: "upstream_error", repeats: 0 });
    expect(state("other")).toBe(0);
    clock.now = 30_000;
    const { pass } = await enter();
    expect(state()).not.toBe(0);
    pass.began();
    expect(state()).toBe(0);
  });

  it("count what the provider says is left, and what is on its way", async () => {
    const { enter, state } = linesFor(["a"]);
    const { pass } = await enter();
    pass.observed({ requests: { limit: 30, remaining: 1, resetMs: 58_000 } });
    pass.succeeded();
    await enter();
    expect(state()).toBe(2_000);
  });

  it("hold what the settings say of requests and tokens in a minute", async () => {
    const { enter, state } = linesFor(["a"], { limits: { requestsPerMinute: 2 } });
    await enter();
    const { pass } = await enter("other");
    expect(state()).toBe(30_000);
    pass.unsent();
    pass.left();
    expect(state()).toBe(0);
    const tokens = linesFor(["a"], { models: { llama: { tokensPerMinute: 60 } } });
    await tokens.enterTimes(6);
    expect(tokens.state()).toBe(10_000);
    expect(tokens.state("other")).toBe(0);
  });

  it("take nothing of a limit for a call that was not made after all", async () => {
    const { lines, visit, state } = linesFor(["a"], { limits: { requestsPerMinute: 1 } });
    const choice = lines.choose(model, 10, none);
    if (choice.kind !== "open") throw choice.error;
    const reservation = await choice.line.reserve(10, visit());
    expect([state(), choice.line.calls]).toEqual([60_000, 1]);
    reservation?.giveBack();
    reservation?.giveBack();
    expect([state(), choice.line.calls]).toEqual([0, 0]);
  });

  it("start no call that was reserved before they were closed, and take nothing for it", async () => {
    const { clock, lines, visit, enter, state } = linesFor(["a"], { limits: { requestsPerMinute: 2 } });
    const choice = lines.choose(model, 10, none);
    if (choice.kind !== "open") throw choice.error;
    const reservation = await choice.line.reserve(10, visit());
    (await enter()).pass.failed(failing("model_limit", 2_000));
    expect(reservation?.start()).toBeUndefined();
    clock.now = 2_000;
    expect([state(), choice.line.calls]).toEqual([0, 0]);
  });

  it("leave a tier without room alone for a while, of that model (498)", async () => {
    const { clock, lines, enter } = linesFor(["a"]);
    (await enter()).pass.failed({ ...failing("nobody"), tierFull: true });
    expect([lines.isTierFull(model), lines.isTierFull("other")]).toEqual([true, false]);
    clock.now = 10_000;
    expect(lines.isTierFull(model)).toBe(false);
    (await enter()).pass.failed({ ...failing("nobody", 60_000), tierFull: true });
    clock.now = 69_999;
    expect(lines.isTierFull(model)).toBe(true);
  });

  it("send those away who wait when the key is refused", async () => {
    const { lines, visit, enterTimes } = linesFor(["a"], { limits: { requestsPerMinute: 2 } });
    const [first] = await enterTimes(2);
    const choice = lines.choose(model, 10, none);
    if (choice.kind !== "open") throw choice.error;
    const waiting = choice.line.reserve(10, visit());
    // Past the model's limits, which are none.
    await Promise.resolve();
    first?.pass.failed(failing("key"));
    expect(await waiting).toBeUndefined();
  });

  it("send those away who wait when the model's breaker opens", async () => {
    const { lines, visit, enterTimes } = linesFor(["a"], { models: { llama: { requestsPerMinute: 5 } } });
    const running = await enterTimes(5);
    const choice = lines.choose(model, 10, none);
    if (choice.kind !== "open") throw choice.error;
    const waiting = choice.line.reserve(10, visit());
    for (const { pass } of running) pass.failed(failing("target"));
    expect(await waiting).toBeUndefined();
  });

  it("forget models that nobody asked for lately", async () => {
    const { lines, enter } = linesFor(["a"]);
    const busy = await enter();
    for (let i = 0; i < 1_500; i++) lines.choose(`model-${i}`, 1, none);
    expect([...lines.all()]).toHaveLength(1_000);
    expect([...lines.all()]).toContain(busy.line);
  });
});
