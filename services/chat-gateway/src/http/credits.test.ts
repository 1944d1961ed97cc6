import { create } from "@bufbuild/protobuf";
import { AccountCreditSchema, KeyLimitSchema } from "@synod/contracts/provider";
import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../testing/body.js";
import { startGateway } from "../testing/gateway.js";

describe("GET /v1/credits", () => {
  it("is the account's credit in dollars", async () => {
    const credit = { totalCreditsUsdNanos: 100_500_000_000n, totalUsageUsdNanos: 25_123_456_789n };
    const balance = () => ({ case: "account", value: create(AccountCreditSchema, credit) }) as const;
    await using house = await startGateway({ script: { balance } });
    for (const prefix of ["/v1", "/openai/v1"]) {
      const response = await fetch(`${house.url}${prefix}/credits`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ data: { total_credits: 100.5, total_usage: 25.123456789 } });
    }
    expect(house.ledger.paid).toBe(0);
  });

  it("is the key's limits in dollars where no more may be read", async () => {
    const limits = {
      limitUsdNanos: 10_000_000_000n,
      limitRemainingUsdNanos: -1_000_000n,
      usageUsdNanos: 10_001_000_000n,
      usageDailyUsdNanos: 1n,
      usageWeeklyUsdNanos: 2_000_000_000n,
      usageMonthlyUsdNanos: 3_000_000_000n,
      isFreeTier: true,
    };
    const balance = () => ({ case: "key", value: create(KeyLimitSchema, limits) }) as const;
    await using house = await startGateway({ script: { balance } });
    expect(await (await fetch(`${house.url}/v1/credits`)).json()).toEqual({
      data: {
        limit: 10,
        limit_remaining: -0.001,
        usage: 10.001,
        usage_daily: 0.000000001,
        usage_weekly: 2,
        usage_monthly: 3,
        is_free_tier: true,
      },
    });
  });

  it("has null where there is no limit", async () => {
    const balance = () => ({ case: "key", value: create(KeyLimitSchema) }) as const;
    await using house = await startGateway({ script: { balance } });
    expect(await (await fetch(`${house.url}/v1/credits`)).json()).toMatchObject({
      data: { limit: null, limit_remaining: null, usage: 0, is_free_tier: false },
    });
  });

  it("fails as the provider gateway fails, and for other methods", async () => {
    const balance = (): never => {
      throw new SynodError({ reason: "provider_not_configured", message: "No key." });
    };
    await using house = await startGateway({ script: { balance } });
    const response = await fetch(`${house.url}/v1/credits`);
    expect(response.status).toBe(503);
    expect((await bodyOf(response)).error).toMatchObject({
      code: "provider_not_configured",
      message: "No key.",
    });
    const posted = await house.post("/v1/credits", {});
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});
