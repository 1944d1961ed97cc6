import { create } from "@bufbuild/protobuf";
import { type ProviderService, SpentUsageSchema } from "@synod/contracts/provider";
import { type Client, failureOf, SynodError } from "@synod/rpc";
import type { ApiKey, BudgetStore, KeyLimits, Limited, Reserved, Room } from "@synod/run-store";
import type { Caller } from "../caller.js";
import type { Clock } from "../clock.js";
import type { ChatEvents } from "../events.js";
import { notKept } from "../not-kept.js";
import { type Bound, boundOf } from "./bound.js";
import { type Plan, tokensOf } from "./plan.js";
import { refusedBy } from "./refused.js";

/** What a call to another service carries. */
export type CallOptions = Parameters<Client<typeof ProviderService>["estimateUsage"]>[1];

/** What a request has used. */
export interface Used {
  /** Read and written. Undefined when that is not known: then the estimate stands. */
  readonly tokens: number | undefined;
  /** What calls of known cost have cost, in billionths of a US dollar. */
  readonly knownUsdNanos: number;
  /** How many calls were made whose cost is not known. */
  readonly callsOfUnknownCost: number;
}

/** Nothing was asked. */
export const nothingUsed: Used = { tokens: 0, knownUsdNanos: 0, callsOfUnknownCost: 0 };

/** A request that was let in. */
export interface Account {
  /** What is left of the limits per minute. Empty where there are none. */
  readonly rooms: readonly Room[];
  /**
   * Says what it has used, once, however it ended. A call whose cost is not known counts as the most that one may cost; all of them
   * together not as more than was set aside. Never fails.
   */
  settle(used: Used): Promise<void>;
}

/** Counts what callers use, by the limits and budgets of their keys. */
export interface Accounts {
  /**
   * Lets a request in: counts it and sets aside the most that it may cost. Nothing is read for a caller without limits.
   *
   * @param plan The most that may be asked for it. Made only where somebody counts.
   * @param options What is carried by the call that asks for prices.
   * @throws SynodError `rate_limit_exceeded` or `budget_exceeded` when there is no room; `invalid_value` for a model of
   * unknown price under a budget; `storage_unavailable`. Nothing was asked and nothing is set aside then.
   */
  open(caller: Caller, plan: () => Plan, options: CallOptions): Promise<Account>;
}

/** What accounts need. */
export interface AccountsDeps {
  readonly budgets: BudgetStore;
  readonly providers: Pick<Client<typeof ProviderService>, "estimateUsage">;
  readonly clock: Pick<Clock, "now">;
  readonly events: Pick<ChatEvents, "limited">;
}

/** Makes the accounts of callers. */
export function createAccounts({ budgets, providers, clock, events }: AccountsDeps): Accounts {
  async function mostOf(plan: Plan, limits: KeyLimits, options: CallOptions): Promise<Bound> {
    if (!hasBudget(limits)) return { usdNanos: 0, largestCallUsdNanos: 0 };
    return boundOf(
      plan,
      async (calls) => (await providers.estimateUsage({ calls: [...calls] }, options)).usages,
    );
  }

  async function open(key: ApiKey, plan: Plan, options: CallOptions): Promise<Account> {
    const { limits } = key;
    const tokens = tokensOf(plan);
    const most = await mostOf(plan, limits, options);
    const refuse = (limited: Limited): SynodError => {
      events.limited(limited.limit);
      return refusedBy(limited, limits, { tokens, usdNanos: most.usdNanos }, clock.now());
    };
    const admitted = await budgets.admit(key, tokens);
    if (admitted.type === "limited") throw refuse(admitted);
    const reserved = await reserve(key, tokens, most);
    if (reserved?.type === "limited") throw refuse(reserved);
    return {
      rooms: admitted.rooms,
      async settle(used) {
        await budgets.correctTokens(key, (used.tokens ?? tokens) - tokens);
        if (reserved !== undefined) await budgets.settle(key, reserved, costOf(used, most));
      },
    };
  }

  /** Gives the tokens back where there is no money. */
  async function reserve(
    key: ApiKey,
    tokens: number,
    { usdNanos }: Bound,
  ): Promise<Reserved | Limited | undefined> {
    let reserved: Reserved | Limited | undefined;
    try {
      reserved = await budgets.reserve(key, usdNanos);
      return reserved;
    } finally {
      if (hasBudget(key.limits) && reserved?.type !== "reserved") await budgets.correctTokens(key, -tokens);
    }
  }

  return {
    async open(caller, plan, options) {
      if (!isCounted(caller)) return free;
      try {
        return await open(caller.key, plan(), options);
      } catch (error) {
        throw nothingSpent(notKept(error) ?? error);
      }
    },
  };
}

/** Whether anything is counted for a caller: its key has limits. */
export function isCounted(caller: Caller): caller is Caller & { readonly key: ApiKey } {
  return Object.keys(caller.key?.limits ?? {}).length > 0;
}

/** Says of an error that came before anybody was asked that nothing was spent, so that it is not taken for a call that was lost. */
function nothingSpent(error: unknown): SynodError {
  const failure = failureOf(error);
  const { metadata, fieldViolations } = error instanceof SynodError ? error : new SynodError(failure);
  return new SynodError(failure, {
    metadata,
    fieldViolations,
    spent: create(SpentUsageSchema),
    cause: error,
  });
}

const free: Account = { rooms: [], async settle() {} };

function hasBudget({ usdNanosPerDay, usdNanosPerMonth }: KeyLimits): boolean {
  return usdNanosPerDay !== undefined || usdNanosPerMonth !== undefined;
}

function costOf({ knownUsdNanos, callsOfUnknownCost }: Used, most: Bound): number {
  const assumed = knownUsdNanos + callsOfUnknownCost * most.largestCallUsdNanos;
  return Math.max(knownUsdNanos, Math.min(assumed, most.usdNanos));
}
