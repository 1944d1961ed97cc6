export type {
  Admitted,
  BudgetStore,
  Limited,
  LimitedKey,
  LimitName,
  Reserved,
  Room,
  Spending,
} from "./budgets/budget-store.js";
export type {
  Claim,
  ClaimRequest,
  HeldClaim,
  IdempotencyStore,
  RequestKey,
  StoredResponse,
} from "./idempotency/idempotency-store.js";
export type { ApiKey, CreatedKey, KeyLimits, KeyStore, NewKey } from "./keys/key-store.js";
export { createMemoryStores } from "./memory-stores.js";
export { openStores, type StoresOptions } from "./open-stores.js";
export { createMemoryRunStore, type MemoryRunStoreOptions } from "./runs/memory-run-store.js";
export { toEventJson } from "./runs/event-json.js";
export {
  CursorError,
  type LoggedEvent,
  type NewRun,
  type RunLog,
  RunLogError,
  type RunPage,
  type RunQuery,
  type RunStatus,
  type RunStore,
  RunStoreFullError,
  type RunSummary,
  type StoredRun,
  type TailOptions,
  type Twin,
} from "./runs/run-store.js";
export { StorageError, type StorageProblem } from "./storage-error.js";
export type { Stores } from "./stores.js";
