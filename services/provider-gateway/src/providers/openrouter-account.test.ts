import { describe, expect, it } from "vitest";
import { decodeCredits, decodeEndpoints, decodeKey } from "./openrouter-account.js";

describe("endpoints of a model", () => {
  it("are the data as it came", () => {
    const data = { id: "acme/one", endpoints: [{ name: "A | acme/one", pricing: { prompt: "0.1" } }] };
    expect(decodeEndpoints({ data })).toEqual(data);
    expect(decodeEndpoints({ data: { endpoints: [] } })).toEqual({ endpoints: [] });
  });

  it.each([null, {}, { data: [] }, { data: {} }, { data: { endpoints: {} } }])("are none: %j", (json) => {
    expect(decodeEndpoints(json)).toBeNull();
  });
});

describe("credits", () => {
  it("are billionths of a dollar, to the last digit", () => {
    expect(decodeCredits({ data: { total_credits: 100.5, total_usage: 25.123456789 } })).toEqual({
      totalCreditsUsdNanos: 100_500_000_000n,
      totalUsageUsdNanos: 25_123_456_789n,
    });
  });

  it.each([
    null,
    {},
    { data: {} },
    { data: { total_credits: 1 } },
    { data: { total_credits: "x", total_usage: 1 } },
  ])("are none: %j", (json) => {
    expect(decodeCredits(json)).toBeNull();
  });
});

describe("the limits of a key", () => {
  it("hold neither its name nor its owner", () => {
    const data = {
      label: "sk-or-v1-0e6...1c96",
      creator_user_id: "user_x",
      limit: 10,
      limit_remaining: -0.5,
      limit_reset: "monthly",
      usage: 10.5,
      usage_daily: 0.1,
      usage_weekly: 0.2,
      usage_monthly: 0.3,
      is_free_tier: true,
    };
    expect(decodeKey({ data })).toEqual({
      limitUsdNanos: 10_000_000_000n,
      limitRemainingUsdNanos: -500_000_000n,
      usageUsdNanos: 10_500_000_000n,
      usageDailyUsdNanos: 100_000_000n,
      usageWeeklyUsdNanos: 200_000_000n,
      usageMonthlyUsdNanos: 300_000_000n,
      isFreeTier: true,
    });
  });

  it("are unset where there are none", () => {
    expect(decodeKey({ data: { limit: null, limit_remaining: null, usage: 0 } })).toEqual({
      usageUsdNanos: 0n,
      usageDailyUsdNanos: 0n,
      usageWeeklyUsdNanos: 0n,
      usageMonthlyUsdNanos: 0n,
      isFreeTier: false,
    });
  });

  it.each([null, {}, { data: null }, { data: { limit: 1 } }])("are none: %j", (json) => {
    expect(decodeKey(json)).toBeNull();
  });
});
