import type { RunEvent } from "./event.js";
import type { RunSpec } from "./spec.js";
import { addUsage, noUsage, type Usage } from "./usage.js";

/** What a run has spent. */
export interface Spending {
  readonly usage: Usage;
  /** Upstream calls that were started. */
  readonly calls: number;
}

/** Nothing spent. */
export const noSpending: Spending = { usage: noUsage, calls: 0 };

/** Adds what an event says was spent. */
export function spend(spending: Spending, event: RunEvent): Spending {
  switch (event.type) {
    case "member_answered":
      return add(spending, event.completion.usage, event.completion.attempts);
    case "member_failed":
      return add(spending, event.usage, wasStarted(event.failure.reason, event.usage) ? 1 : 0);
    case "member_cancelled":
      return add(spending, null, 1);
    case "aggregator_called":
      return add(
        spending,
        event.usage,
        event.failure && !wasStarted(event.failure.reason, event.usage) ? 0 : 1,
      );
    case "judged":
      return event.verdict.votes
        .flatMap((vote) => vote.calls)
        .reduce((sum, call) => add(sum, call.usage, 1), spending);
    case "run_started":
    case "round_started":
    case "round_ended":
    case "aggregated":
    case "aggregation_failed":
    case "judge_failed":
    case "regeneration_started":
    case "deadline_reached":
    case "caller_left":
    case "run_finished":
      return spending;
    default:
      return event satisfies never;
  }
}

/** Whether the budget is used up. A cost that is not known counts as all of it: nobody could say that some is left. */
export function isBudgetSpent({ usage }: Spending, budget: RunSpec["budget"]): boolean {
  const { maxCostUsdNanos = Infinity, maxOutputTokens = Infinity } = budget;
  const cost = usage.costUsdNanos ?? (maxCostUsdNanos === Infinity ? 0 : Infinity);
  return cost >= maxCostUsdNanos || usage.outputTokens >= maxOutputTokens;
}

function add(spending: Spending, usage: Usage | null, calls: number): Spending {
  return {
    usage: usage === null ? spending.usage : addUsage(spending.usage, usage),
    calls: spending.calls + calls,
  };
}

/** Failures that are known before anything is sent to an upstream. */
const neverSent: ReadonlySet<string> = new Set([
  "invalid_value",
  "provider_not_configured",
  "overloaded",
  "inner_token",
  "service_unavailable",
  "canceled",
]);

function wasStarted(reason: string, usage: Usage | null): boolean {
  return usage !== null || !neverSent.has(reason);
}
