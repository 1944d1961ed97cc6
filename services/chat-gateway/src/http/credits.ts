import type { AccountCredit, GetCreditsResponse, KeyLimit } from "@synod/contracts/provider";
import { usd } from "@synod/mapping";
import { outgoingOptions } from "@synod/rpc";
import type { Route } from "./deps.js";
import { contextOf, sendJson } from "./exchange.js";

/** `GET /v1/credits`: what is left of OpenRouter's credit, or of its key's limit where the key may read no more. */
export const getCredits: Route = async (exchange, { providers }) => {
  const options = outgoingOptions(contextOf(exchange), { signal: exchange.signal });
  const { balance } = await providers.getCredits({}, options);
  sendJson(exchange, 200, JSON.stringify({ data: balanceJson(balance) }));
};

function balanceJson(balance: GetCreditsResponse["balance"]): object {
  switch (balance.case) {
    case "account":
      return creditJson(balance.value);
    case "key":
      return limitJson(balance.value);
    case undefined:
      throw new Error("the provider gateway gave no balance");
    default:
      return balance satisfies never;
  }
}

function creditJson(credit: AccountCredit): object {
  return { total_credits: usd(credit.totalCreditsUsdNanos), total_usage: usd(credit.totalUsageUsdNanos) };
}

function limitJson(key: KeyLimit): object {
  const { limitUsdNanos: limit, limitRemainingUsdNanos: remaining } = key;
  return {
    limit: limit === undefined ? null : usd(limit),
    limit_remaining: remaining === undefined ? null : usd(remaining),
    usage: usd(key.usageUsdNanos),
    usage_daily: usd(key.usageDailyUsdNanos),
    usage_weekly: usd(key.usageWeeklyUsdNanos),
    usage_monthly: usd(key.usageMonthlyUsdNanos),
    is_free_tier: key.isFreeTier,
  };
}
