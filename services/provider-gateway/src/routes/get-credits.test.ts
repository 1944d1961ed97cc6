import { describe, expect, it } from "vitest";
import { failureOfCall, providerAt, startGateway } from "../testing/gateway.js";
import { answering, type Script, startUpstream } from "../testing/scripted-upstream.js";

const credits = answering(200, { data: { total_credits: 100.5, total_usage: 25.75 } });
const limits = answering(200, {
  data: { label: "mine", limit: 10, limit_remaining: -0.5, usage: 10.5, usage_daily: 1, is_free_tier: true },
});
const onlyManagement = answering(403, {
  error: { code: 403, message: "Only management keys can perform this operation" },
});
const refused = answering(401, { error: { code: 401, message: "User not found." } });

async function setUp(scripts: Readonly<Record<string, Script>>) {
  const upstream = await startUpstream((response, call) => scripts[call.path]?.(response, call));
  const gateway = startGateway([
    providerAt(upstream.url, "openrouter"),
    providerAt(upstream.url, "groq"),
    providerAt(upstream.url, "openrouter", { id: "keyless", keys: [] }),
  ]);
  return {
    paths: () => upstream.calls.map(({ method, path }) => `${method} ${path}`),
    keys: () => upstream.calls.map(({ headers }) => headers.authorization),
    client: gateway.client,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("GetCredits", () => {
  it("reads the account's credit", async () => {
    await using house = await setUp({ "/v1/credits": credits });
    const { balance } = await house.client.getCredits({});
    expect(balance).toMatchObject({
      case: "account",
      value: { totalCreditsUsdNanos: 100_500_000_000n, totalUsageUsdNanos: 25_750_000_000n },
    });
    expect(house.paths()).toEqual(["GET /v1/credits"]);
  });

  it.each([
    ["403", onlyManagement],
    ["401", refused],
  ])("reads the key's limits where it may not: %s", async (_, script) => {
    await using house = await setUp({ "/v1/credits": script, "/v1/key": limits });
    const { balance } = await house.client.getCredits({ providerId: "openrouter" });
    expect(balance).toMatchObject({
      case: "key",
      value: {
        limitUsdNanos: 10_000_000_000n,
        limitRemainingUsdNanos: -500_000_000n,
        usageUsdNanos: 10_500_000_000n,
        usageDailyUsdNanos: 1_000_000_000n,
        usageMonthlyUsdNanos: 0n,
        isFreeTier: true,
      },
    });
    expect(house.paths()).toEqual(["GET /v1/credits", "GET /v1/key"]);
    expect(new Set(house.keys())).toEqual(new Set(["Bearer key-of-openrouter"]));
  });

  it("leaves out limits that there are not", async () => {
    const unlimited = answering(200, { data: { limit: null, limit_remaining: null, usage: 1 } });
    await using house = await setUp({ "/v1/credits": onlyManagement, "/v1/key": unlimited });
    const { balance } = await house.client.getCredits({});
    expect(balance.case === "key" && balance.value.limitUsdNanos).toBeUndefined();
    expect(house.paths()).toHaveLength(2);
  });

  it.each([
    ["both refuse the key", { "/v1/credits": refused, "/v1/key": refused }, "provider_auth", 2],
    ["the provider is down", { "/v1/credits": answering(503, {}) }, "upstream_error", 1],
    ["a page came", { "/v1/credits": answering(200, "<html>") }, "invalid_upstream_response", 1],
  ] as const)("fails when %s", async (_, scripts, reason, calls) => {
    await using house = await setUp(scripts);
    const failure = await failureOfCall(house.client.getCredits({}));
    expect(failure.reason).toBe(reason);
    expect(failure.message).not.toContain("key-of");
    expect(house.paths()).toHaveLength(calls);
  });

  it.each([
    ["groq", "invalid_value", /only OpenRouter/],
    ["keyless", "provider_not_configured", /has no key/],
    ["nobody", "provider_not_configured", /not configured/],
  ])("asks nobody about %s", async (providerId, reason, message) => {
    await using house = await setUp({});
    const failure = await failureOfCall(house.client.getCredits({ providerId }));
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
    expect(house.paths()).toEqual([]);
  });
});
