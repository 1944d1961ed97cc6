import type { Database } from "./database/database.js";
import type { Later } from "./later.js";
import type { ProcessLease } from "./process/process-lease.js";

/** What a store in a database works with. */
export interface SqlStoreDeps {
  readonly database: Database;
  /** What it holds while a request goes on names this process. */
  readonly lease: ProcessLease;
  /** Where what an answer has come to is stored when the database is away. */
  readonly later: Later;
}
