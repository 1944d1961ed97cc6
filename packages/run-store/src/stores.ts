import type { BudgetStore } from "./budgets/budget-store.js";
import type { IdempotencyStore } from "./idempotency/idempotency-store.js";
import type { KeyStore } from "./keys/key-store.js";
import type { RunStore } from "./runs/run-store.js";

/** Everything that is kept, in one place. Disposing it stores what waits and lets go of what this process holds. */
export interface Stores extends AsyncDisposable {
  readonly runs: RunStore;
  readonly idempotency: IdempotencyStore;
  readonly keys: KeyStore;
  readonly budgets: BudgetStore;
  /** Where it is kept: a file, `host:port/database`, or `memory`. Never a secret. */
  readonly place: string;
  /**
   * Throws when nothing could be stored lately: a request that must be kept shall not begin. Waits for no database: it
   * says how the last write ended, which is at most 2 seconds ago.
   *
   * @throws StorageError
   */
  checkWritable(): void;
}
