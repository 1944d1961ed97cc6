import { createMemoryBudgetStore } from "./budgets/memory-budget-store.js";
import { type Clock, systemClock } from "./clock.js";
import { createMemoryIdempotencyStore } from "./idempotency/memory-idempotency-store.js";
import { createMemoryKeyStore } from "./keys/memory-key-store.js";
import { createMemoryRunStore } from "./runs/memory-run-store.js";
import type { Stores } from "./stores.js";

/** Makes stores that live in memory and are lost with the process. */
export function createMemoryStores(clock: Clock = systemClock): Stores {
  return {
    runs: createMemoryRunStore({ clock }),
    idempotency: createMemoryIdempotencyStore(clock),
    keys: createMemoryKeyStore(clock),
    budgets: createMemoryBudgetStore(clock),
    place: "memory",
    checkWritable() {},
    async [Symbol.asyncDispose]() {},
  };
}
