import { readdirSync, readFileSync } from "node:fs";
import { StorageError } from "../storage-error.js";
import type { Session } from "./database.js";
import { number, onlyRow } from "./row.js";

// Beside src and dist alike, so tests and what is built find the same files.
const folder = new URL("../../migrations/", import.meta.url);

/** A change of the schema. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly sql: string;
}

/** The changes that this build knows, in their order: the files `0001-….sql`, `0002-….sql` …. */
export function knownMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      sql: readFileSync(new URL(name, folder), "utf8"),
    }));
}

/**
 * Brings a database to the schema of this build. Nobody else may change it meanwhile.
 *
 * @throws StorageError `newer` when a newer build has changed it.
 */
export async function migrate(
  session: Session,
  place: string,
  migrations: readonly Migration[] = knownMigrations(),
): Promise<void> {
  await session.script(
    "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, apply_time bigint NOT NULL)",
  );
  const rows = await session.sql("SELECT coalesce(max(version), 0) AS version FROM schema_version");
  const has = number(onlyRow(rows), "version");
  const newest = migrations.length;
  if (has > newest) throw new StorageError("newer", place, `schema ${has}, this version knows ${newest}`);
  for (const { version, sql } of migrations.slice(has)) {
    await session.script(sql);
    await session.sql("INSERT INTO schema_version (version, apply_time) VALUES ($1, :now)", version);
  }
}
