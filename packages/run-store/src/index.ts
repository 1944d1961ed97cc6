export { createMemoryRunStore, type MemoryRunStoreOptions } from "./memory-run-store.js";
export {
  type LoggedEvent,
  RunLogError,
  type RunStore,
  RunStoreFullError,
  type RunSummary,
} from "./run-store.js";
