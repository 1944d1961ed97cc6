import type { Database } from "../database/database.js";
import { StorageError } from "../storage-error.js";

/** A database that fails when a test says so. */
export interface SwitchedDatabase extends Database {
  /** What writing does: `works`; `fails` before anything is stored; `breaks`: stores, but nobody hears of it. */
  mode: "works" | "fails" | "breaks";
  /** How many transactions have begun. */
  writes: number;
}

/** Puts a switch before a database. */
export function switched(database: Database): SwitchedDatabase {
  const { place, forUpdate, rowsAtOnce, wakes, read } = database;
  const fails = (): never => {
    throw new StorageError("full", place, "SQLITE_FULL");
  };
  const own: SwitchedDatabase = {
    place,
    forUpdate,
    rowsAtOnce,
    wakes,
    read,
    mode: "works",
    writes: 0,
    async write(work) {
      own.writes += 1;
      if (own.mode === "fails") fails();
      const result = await database.write(work);
      return own.mode === "breaks" ? fails() : result;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
  return own;
}
