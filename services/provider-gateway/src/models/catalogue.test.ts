import { createLogger } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { openProvider } from "../providers/provider.js";
import { providerAt } from "../testing/gateway.js";
import { answering, type Script, startUpstream } from "../testing/scripted-upstream.js";
import { until } from "../testing/until.js";
import { Catalogue } from "./catalogue.js";

const listing =
  (...ids: readonly string[]): Script =>
  (response, call) =>
    answering(200, { data: ids.map((id) => ({ id, context_length: 1_000 })) })(response, call);

/** A catalogue on a clock that the test moves, of one provider whose answers the test changes. */
async function setUp(script: Script, kind: "openrouter" | "groq" = "openrouter") {
  const now = { ms: 1_000_000 };
  const answers = { script };
  const lines: string[] = [];
  const upstream = await startUpstream((response, call) => answers.script(response, call));
  const provider = openProvider(providerAt(upstream.url, kind));
  const logger = createLogger({
    level: "trace",
    service: "test",
    destination: { write: (line) => void lines.push(line) },
  });
  const random = { value: 0 };
  const catalogue = new Catalogue({
    ttlMs: 60_000,
    failedTtlMs: 5_000,
    logger,
    now: () => now.ms,
    random: () => random.value,
  });
  const idsNow = async () => (await catalogue.of(provider)).models.map(({ id }) => id);
  return {
    now,
    answers,
    lines,
    upstream,
    provider,
    random,
    catalogue,
    idsNow,
    async [Symbol.asyncDispose]() {
      catalogue[Symbol.dispose]();
      await provider[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("a provider's list", () => {
  it("is read once for many callers, and used until it has aged", async () => {
    await using house = await setUp(listing("a"));
    await Promise.all(Array.from({ length: 20 }, () => house.idsNow()));
    house.now.ms += 59_999;
    expect(await house.idsNow()).toEqual(["a"]);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("is given as it was while it is read again, by one call", async () => {
    await using house = await setUp(listing("a"));
    await house.idsNow();
    house.now.ms += 60_000;
    let answer = (): void => {};
    house.answers.script = (response, call) => {
      answer = () => listing("b")(response, call);
    };
    expect(await Promise.all([house.idsNow(), house.idsNow()])).toEqual([["a"], ["a"]]);
    expect(house.catalogue.peek(house.provider, "a")?.id).toBe("a");
    await until(() => house.upstream.calls.length === 2);
    answer();
    await until(() => house.catalogue.peek(house.provider, "b") !== undefined);
    expect(await house.idsNow()).toEqual(["b"]);
    expect(house.upstream.calls.length).toBe(2);
  });

  it("is kept while the provider is down, which is asked again after a while", async () => {
    await using house = await setUp(listing("a"));
    await house.idsNow();
    house.answers.script = answering(503, { error: { message: "secret key-of-openrouter" } });
    house.now.ms += 60_000;
    await house.idsNow();
    await until(() => house.lines.length === 1);
    const list = await house.catalogue.of(house.provider);
    expect(list).toMatchObject({ failed: true, models: [{ id: "a" }] });
    house.now.ms += 4_999;
    await house.idsNow();
    expect(house.upstream.calls.length).toBe(2);
    house.now.ms += 1;
    house.answers.script = listing("b");
    await house.idsNow();
    await until(() => house.catalogue.peek(house.provider, "b") !== undefined);
    expect(await house.catalogue.of(house.provider)).toMatchObject({ failed: false });
    expect(house.upstream.calls.length).toBe(3);
  });

  it("is asked for at different times by those that lost it together, ever more so", async () => {
    await using house = await setUp(answering(503, {}));
    house.random.value = 0.5;
    // Half of 500 ms, of 1 s and of 2 s beyond the 5 s.
    for (const waitMs of [5_250, 5_500, 6_000]) {
      await house.catalogue.of(house.provider);
      const asked = house.upstream.calls.length;
      house.now.ms += waitMs - 1;
      await house.catalogue.of(house.provider);
      expect(house.upstream.calls.length).toBe(asked);
      house.now.ms += 1;
    }
    expect(house.upstream.calls.length).toBe(3);
  });

  it("that fails says so in the log, without key and body", async () => {
    await using house = await setUp(answering(401, { error: { message: "bad key-of-openrouter" } }));
    expect(await house.catalogue.of(house.provider)).toEqual({ models: [], failed: true });
    expect(house.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: "warn", provider: "openrouter", reason: "provider_auth", status: 401 },
    ]);
    expect(house.lines.join("")).not.toMatch(/key-of|bad/);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("has an end, even where the provider says there is always more", async () => {
    let next = 0;
    await using house = await setUp((response, call) => {
      next += 1;
      answering(200, { data: [{ id: `m${next}` }], links: { next: "/more" } })(response, call);
    });
    expect(await house.idsNow()).toHaveLength(20);
    expect(house.upstream.calls.length).toBe(20);
  });

  it("that is being read is left when the gateway closes", async () => {
    await using house = await setUp(() => {});
    const reading = house.catalogue.of(house.provider);
    await until(() => house.upstream.calls.length === 1);
    house.catalogue[Symbol.dispose]();
    expect(await reading).toMatchObject({ failed: true });
    await until(() => house.upstream.cut === 1);
    expect(house.lines).toEqual([]);
  });
});

describe("what is known of a model", () => {
  it("is nothing before anybody asked for the list, and nobody is asked for it", async () => {
    await using house = await setUp(listing("a"));
    expect(house.catalogue.peek(house.provider, "a")).toBeUndefined();
    await house.idsNow();
    expect(house.catalogue.peek(house.provider, "a")).toMatchObject({ id: "a", contextTokens: 1_000 });
    expect(house.catalogue.peek(house.provider, "b")).toBeUndefined();
    expect(house.upstream.calls.length).toBe(1);
  });

  it("starts reading a list that has aged, without waiting", async () => {
    await using house = await setUp(listing("a"));
    await house.idsNow();
    house.now.ms += 60_000;
    expect(house.catalogue.peek(house.provider, "a")?.id).toBe("a");
    await until(() => house.upstream.calls.length === 2);
  });

  it.each([
    ["acme/one:nitro", "acme/one"],
    ["acme/one:floor", "acme/one"],
    ["acme/one:online", "acme/one"],
    ["acme/one:thinking", "acme/one:thinking"],
    ["acme/one:free", undefined],
    ["acme/one:nitro:nitro", undefined],
  ])("%s is that of %s", async (asked, known) => {
    await using house = await setUp(listing("acme/one", "acme/one:thinking"));
    await house.idsNow();
    expect(house.catalogue.peek(house.provider, asked)?.id).toBe(known);
    expect(house.upstream.calls.length).toBe(1);
  });

  it("is that of no other model where a colon means something else", async () => {
    await using house = await setUp(listing("one"), "groq");
    await house.idsNow();
    expect(house.catalogue.peek(house.provider, "one:online")).toBeUndefined();
    expect(house.upstream.calls.length).toBe(1);
  });
});

describe("waiting for a provider to be heard of", () => {
  it("ends when it does not answer", async () => {
    await using house = await setUp(() => {});
    await house.catalogue.heardOf(house.provider, 20);
    expect(house.catalogue.peek(house.provider, "a")).toBeUndefined();
    await until(() => house.upstream.calls.length === 1);
  });

  it("ends when it answers, and does not begin when it failed before", async () => {
    await using house = await setUp(answering(500, {}));
    await house.catalogue.heardOf(house.provider, 20_000);
    house.now.ms += 60_000;
    await house.catalogue.heardOf(house.provider, 20_000);
    expect(house.upstream.calls.length).toBe(1);
  });
});
