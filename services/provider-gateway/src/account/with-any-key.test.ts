import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, question, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream, streaming } from "../testing/scripted-upstream.js";
import { bytesOf, openrouterStream } from "../testing/transcripts.js";

const refusals = {
  401: { error: { code: 401, message: "User not found." } },
  402: { error: { code: 402, message: "Insufficient credits." } },
  403: { error: { code: 403, message: "This key may not." } },
} as const;

const answers: Readonly<Record<string, Script>> = {
  "GET /v1/models": answering(200, { data: [{ id: "acme/one" }] }),
  "GET /v1/models/acme/one/endpoints": answering(200, { data: { id: "acme/one", endpoints: [] } }),
  "GET /v1/credits": answering(200, { data: { total_credits: 2, total_usage: 1 } }),
  "GET /v1/key": answering(200, { data: { limit: null, limit_remaining: null, usage: 1 } }),
  "POST /v1/chat/completions": streaming(bytesOf(openrouterStream)),
};

/** A provider with keys `key-number-1` … and what becomes of those that it refuses. */
async function setUp(refused: Readonly<Record<number, keyof typeof refusals>>, keys = 2) {
  const upstream = await startUpstream((response, call) => {
    const status = refused[numberOf(call.headers.authorization)];
    const name = `${call.method} ${call.path}`;
    if (status === undefined) answers[name]?.(response, call);
    else answering(status, refusals[status])(response, call);
  });
  const all = Array.from({ length: keys }, (_, place) => `key-number-${place + 1}`);
  const gateway = startGateway([providerAt(upstream.url, "openrouter", { keys: all })]);
  return {
    gateway,
    client: gateway.client,
    /** What was asked, each with the number of its key. */
    asked: () => upstream.calls.map(({ path, headers }) => [path, numberOf(headers.authorization)]),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const numberOf = (authorization = ""): number => Number(authorization.at(-1));

describe.each([401, 402, 403] as const)("a first key that is refused with %i", (status) => {
  it("does not empty the list of models, and is named in the log by its number", async () => {
    await using house = await setUp({ 1: status });
    const { models, failedProviderIds } = await house.client.listModels({});
    expect([models.map(({ id }) => id), failedProviderIds]).toEqual([["openrouter/acme/one"], []]);
    expect(house.asked()).toEqual([
      ["/v1/models", 1],
      ["/v1/models", 2],
    ]);
    const lines = house.gateway.log().split("\n");
    const line = JSON.parse(lines.find((one) => one.includes("refused")) ?? "");
    expect(line).toMatchObject({ level: "warn", provider: "openrouter", key: 1, status });
  });

  it("does not hide who serves a model", async () => {
    await using house = await setUp({ 1: status });
    const { dataJson } = await house.client.listEndpoints({ model: "acme/one" });
    expect(JSON.parse(dataJson)).toMatchObject({ id: "acme/one" });
    expect(house.asked().map(([, key]) => key)).toEqual([1, 2]);
  });

  it("is passed over for the credit", async () => {
    await using house = await setUp({ 1: status });
    const { balance } = await house.client.getCredits({});
    expect(balance).toMatchObject({ case: "account", value: { totalUsageUsdNanos: 1_000_000_000n } });
    // Only with 402 is it known at once that the limit of the key will not be said either.
    const own = status === 402 ? [] : [["/v1/key", 1]];
    expect(house.asked()).toEqual([["/v1/credits", 1], ...own, ["/v1/credits", 2]]);
  });
});

describe("keys", () => {
  it("that completions found to be refused are tried last", async () => {
    await using house = await setUp({ 1: 401 }, 3);
    for (let count = 1; count <= 3; count++) {
      await house.client.complete({ completion: question("acme/one") });
    }
    const before = house.asked();
    expect(before).toContainEqual(["/v1/chat/completions", 1]);
    await house.client.listModels({});
    expect(house.asked().slice(before.length)).toEqual([["/v1/models", 2]]);
  });

  it("that may not list models are still good for completions", async () => {
    await using house = await setUp({ 1: 403 });
    await house.client.listModels({});
    expect(await house.gateway.metrics.text()).toMatch(/synod_upstream_keys_refused\{.*\} 0/);
  });

  it("that are all refused fail with the reason of the first, each asked once", async () => {
    await using house = await setUp({ 1: 402, 2: 401, 3: 403 }, 3);
    const failure = await failureOfCall(house.client.listEndpoints({ model: "acme/one" }));
    expect(failure.reason).toBe("provider_credit");
    expect(failure.message).not.toContain("key-number");
    expect(house.asked().map(([, key]) => key)).toEqual([1, 2, 3]);
  });
});
