import { join } from "node:path";
import type { Clock } from "../clock.js";
import type { Database, Prepare } from "./database.js";

/** Which database is opened. */
export interface DatabaseOptions {
  /** The folder of the embedded database, in which `synod.db` is made. Not used with `databaseUrl`. */
  readonly dataDir: string;
  /** `postgres://…`. Secret. The embedded database when unset. */
  readonly databaseUrl?: string | undefined;
  readonly clock: Clock;
  /** The database's clock, for tests: milliseconds since 1970. PostgreSQL's own, or that of `clock`, when unset. */
  readonly now: (() => number) | undefined;
  readonly prepare: Prepare;
}

/**
 * Opens a database. The library of the other one is not even loaded.
 *
 * @throws StorageError
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDir, databaseUrl, clock, now, prepare } = options;
  if (databaseUrl === undefined) {
    const { openSqlite } = await import("./sqlite/sqlite-database.js");
    return openSqlite({ file: join(dataDir, "synod.db"), clock, prepare });
  }
  const { openPostgres } = await import("./postgres/postgres-database.js");
  return openPostgres({ databaseUrl, clock, now, prepare });
}
