import { providerControls, type ProviderSettings } from "@synod/settings";
import { describe, expect, it } from "vitest";
import type { Blame, ProviderError } from "../providers/provider-error.js";
import type { Line } from "./line.js";
import { Lines } from "./lines.js";

const model = "llama";
const none: ReadonlySet<Line> = new Set();

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
  const lines = new Lines({ settings, now: () => clock.now });
  const enter = (name = model) => {
    const choice = lines.choose(name, 10, none);
    if (choice.kind !== "ready") throw new Error(`no line: ${choice.kind}`);
    const pass = choice.line.enter(10);
    if (pass === undefined) throw new Error("no pass");
    return { line: choice.line, pass };
  };
  const state = (name = model) => lines.choose(name, 10, none);
  return { clock, lines, enter, state };
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
  it("spread calls over the keys", () => {
    const { enter } = linesFor(["a", "b", "c"]);
    const keys = Array.from({ length: 9 }, () => enter().pass.key.index);
    for (const index of [1, 2, 3]) expect(keys.filter((key) => key === index)).toHaveLength(3);
  });

  it("leave a refused key alone, but for one try a minute (F5)", () => {
    const { clock, enter, state } = linesFor(["a", "b"]);
    const first = enter();
    first.pass.failed(failing("key"));
    for (let i = 0; i < 5; i++) expect(enter().line).not.toBe(first.line);
    clock.now = 60_000;
    const tried = Array.from({ length: 6 }, () => enter()).filter(({ line }) => line === first.line);
    expect(tried).toHaveLength(1);
    tried[0]?.pass.failed(failing("key"));
    clock.now = 119_000;
    expect(Array.from({ length: 6 }, () => enter().line)).not.toContain(first.line);
    clock.now = 120_000;
    const [probe] = Array.from({ length: 12 }, () => enter()).filter(({ line }) => line === first.line);
    probe?.pass.succeeded();
    expect(Array.from({ length: 12 }, () => enter().line)).toContain(first.line);
    expect(state().kind).toBe("ready");
  });

  it("say why when every key is refused", () => {
    const { enter, state } = linesFor(["a"]);
    const refusal = failing("key");
    enter().pass.failed(refusal);
    expect(state()).toEqual({ kind: "shut", error: refusal });
  });

  it("wait for a model's limit, and for no other model's", () => {
    const { clock, enter, state } = linesFor(["a"]);
    enter().pass.failed(failing("model_limit", 2_000));
    expect(state()).toEqual({ kind: "limited", waitMs: 2_000 });
    expect(state("other").kind).toBe("ready");
    clock.now = 2_000;
    expect(state().kind).toBe("ready");
  });

  it("wait for a key's limit with every model", () => {
    const { enter, state } = linesFor(["a"]);
    enter().pass.failed(failing("key_limit", 2_000));
    expect(state("other")).toEqual({ kind: "limited", waitMs: 2_000 });
  });

  it("ask nobody while a model keeps failing, then let one try (F3)", () => {
    const { clock, enter, state } = linesFor(["a"]);
    for (let i = 0; i < 5; i++) enter().pass.failed(failing("target"));
    expect(state()).toMatchObject({ kind: "shut", error: { reason: "upstream_error", repeats: 0 } });
    expect(state("other").kind).toBe("ready");
    clock.now = 30_000;
    const { pass } = enter();
    expect(state().kind).toBe("shut");
    pass.began();
    expect(state().kind).toBe("ready");
  });

  it("count what the provider says is left, and what is on its way", () => {
    const { enter, state } = linesFor(["a"]);
    const { pass } = enter();
    pass.observed({ requests: { limit: 30, remaining: 1, resetMs: 58_000 } });
    pass.succeeded();
    enter();
    expect(state()).toEqual({ kind: "limited", waitMs: 2_000 });
  });

  it("hold what the settings say of requests and tokens in a minute", () => {
    const { enter, state } = linesFor(["a"], { limits: { requestsPerMinute: 2 } });
    enter();
    const { pass } = enter("other");
    expect(state()).toEqual({ kind: "limited", waitMs: 30_000 });
    pass.left({ unsent: true });
    expect(state().kind).toBe("ready");
    const tokens = linesFor(["a"], { models: { llama: { tokensPerMinute: 60 } } });
    for (let i = 0; i < 6; i++) tokens.enter();
    expect(tokens.state()).toEqual({ kind: "limited", waitMs: 10_000 });
    expect(tokens.state("other").kind).toBe("ready");
  });

  it("forget models that nobody asked for lately", () => {
    const { lines, enter } = linesFor(["a"]);
    const busy = enter();
    for (let i = 0; i < 1_500; i++) lines.choose(`model-${i}`, 1, none);
    expect([...lines.all()]).toHaveLength(1_000);
    expect([...lines.all()]).toContain(busy.line);
  });
});
