import type { RunEvent } from "./event.js";
import { isFree, type ModelsAsked, modelsOfAggregation, modelsOfVoter } from "./models-asked.js";
import { outstandingCalls } from "./outstanding-calls.js";
import type { RunSpec } from "./spec.js";
import { addUsage, noUsage, type Spent, unknownUsage, type Usage } from "./usage.js";

/** What a run has spent. */
export interface Spending {
  readonly usage: Usage;
  /** Upstream calls that were started. */
  readonly calls: number;
  /** What those of known cost have cost, in billionths of a US dollar. */
  readonly knownUsdNanos: number;
  /** How many of them have a cost that is not known. */
  readonly callsOfUnknownCost: number;
}

/** Nothing spent. */
export const noSpending: Spending = { usage: noUsage, calls: 0, knownUsdNanos: 0, callsOfUnknownCost: 0 };

/** Adds what an event says was spent. */
export function spend(spending: Spending, event: RunEvent, spec: RunSpec): Spending {
  switch (event.type) {
    case "member_answered":
      return add(spending, lost(event.completion, modelsOfVoter(event.voter, spec), spec));
    case "member_failed":
      return event.usage === null
        ? spending
        : add(
            spending,
            lost(
              { usage: event.usage, attempts: event.attempts ?? 1 },
              modelsOfVoter(event.voter, spec),
              spec,
            ),
          );
    case "member_cancelled":
      return add(
        spending,
        lost(
          { usage: event.usage ?? unknownUsage, attempts: event.attempts ?? 1 },
          modelsOfVoter(event.voter, spec),
          spec,
        ),
      );
    case "aggregator_called":
      return event.usage === null
        ? spending
        : add(spending, { usage: event.usage, attempts: event.attempts ?? 1 });
    case "judged":
      return event.verdict.votes
        .flatMap((vote) => vote.calls)
        .reduce((sum, { usage }) => add(sum, { usage: usage ?? unknownUsage, attempts: 1 }), spending);
    case "aggregation_failed":
      return event.spent === undefined
        ? spending
        : add(spending, lost(event.spent, modelsOfAggregation(spec), spec));
    case "judge_failed":
      return event.spent === undefined ? spending : add(spending, lost(event.spent, spec.judge.models, spec));
    case "run_started":
    case "round_started":
    case "rest_asked":
    case "member_hedged":
    case "round_ended":
    case "aggregated":
    case "regeneration_started":
    case "deadline_reached":
    case "caller_left":
    case "run_finished":
      return spending;
    default:
      return event satisfies never;
  }
}

/** Everything that a run has spent, the calls included that were still going on when it was interrupted. */
export function spendingOf(events: readonly RunEvent[], spec: RunSpec): Spending {
  const reported = events.reduce((sum, event) => spend(sum, event, spec), noSpending);
  return outstandingCalls(events, spec).reduce(
    (sum, asked) => add(sum, lost({ usage: unknownUsage, attempts: 1 }, asked, spec)),
    reported,
  );
}

/** What a call without an answer used and cost. Simulated models are free, so there nothing is unknown. */
export function usageOfLost(usage: Usage, asked: ModelsAsked, spec: RunSpec): Usage {
  return usage.costUsdNanos === null && isFree(asked, spec) ? { ...usage, costUsdNanos: 0 } : usage;
}

function lost({ usage, attempts }: Spent, asked: ModelsAsked, spec: RunSpec): Spent {
  return { usage: usageOfLost(usage, asked, spec), attempts };
}

/** Whether the budget is used up. A cost that is not known counts as all of it: nobody could say that some is left. */
export function isBudgetSpent({ usage }: Spending, budget: RunSpec["budget"]): boolean {
  const { maxCostUsdNanos = Infinity, maxOutputTokens = Infinity } = budget;
  const cost = usage.costUsdNanos ?? (maxCostUsdNanos === Infinity ? 0 : Infinity);
  return cost >= maxCostUsdNanos || usage.outputTokens >= maxOutputTokens;
}

function add(spending: Spending, { usage, attempts }: Spent): Spending {
  const isKnown = usage.costUsdNanos !== null;
  return {
    usage: addUsage(spending.usage, usage),
    calls: spending.calls + attempts,
    knownUsdNanos: spending.knownUsdNanos + (usage.costUsdNanos ?? 0),
    callsOfUnknownCost: spending.callsOfUnknownCost + (isKnown ? 0 : attempts),
  };
}
