import type { StoreEvents } from "../events.js";
import { canPass, StorageError } from "../storage-error.js";
import type { Database } from "./database.js";

/** A database of which it is known whether it takes writes. */
export interface WatchedDatabase extends Database {
  /**
   * Throws what the last write failed with. Costs nothing: it waits for no database.
   *
   * @throws StorageError
   */
  checkWritable(): void;
}

/** Remembers how the last write of a database ended, and tells when that changes. */
export function watchWrites(database: Database, events: StoreEvents): WatchedDatabase {
  let failure: StorageError | undefined;

  function note(error: StorageError | undefined): void {
    const before = failure;
    failure = error;
    if (error !== undefined && error.problem !== before?.problem) events.storageFailed(error);
    if (error === undefined && before !== undefined) events.storageRecovered(database.place);
  }

  return {
    place: database.place,
    forUpdate: database.forUpdate,
    rowsAtOnce: database.rowsAtOnce,
    wakes: database.wakes,
    read: database.read,
    async write(work) {
      try {
        const result = await database.write(work);
        note(undefined);
        return result;
      } catch (error) {
        if (canPass(error) || isNewer(error)) note(error);
        throw error;
      }
    },
    checkWritable() {
      if (failure !== undefined) throw failure;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

// Another process may have changed the schema meanwhile.
function isNewer(error: unknown): error is StorageError {
  return error instanceof StorageError && error.problem === "newer";
}
