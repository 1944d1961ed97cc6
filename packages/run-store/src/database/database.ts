import type { Wakes } from "./wakes.js";

/** What a column holds, and what a parameter may be. Whole numbers are exact up to 2^53 - 1. */
export type Value = string | number | null;

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, Value>>;

/**
 * Runs one statement of the SQL that SQLite and PostgreSQL share.
 *
 * `$1`, `$2` … are its parameters. `:now` is the time in milliseconds since 1970 by the database's own clock, so that
 * machines whose clocks differ agree.
 *
 * @throws StorageError
 */
export type RunSql = (sql: string, ...params: readonly Value[]) => Promise<readonly Row[]>;

/** A transaction while it is open. */
export interface Session {
  readonly sql: RunSql;
  /** Runs a script of several statements without parameters. */
  script(sql: string): Promise<void>;
  /** Wakes whoever watches a topic, in every process that can be told, once the transaction has ended well. */
  wake(topic: string): void;
}

/** A database that was opened: its schema is there. */
export interface Database extends AsyncDisposable {
  /** The file, or `host:port/database`. Never a secret. */
  readonly place: string;
  /** What a `SELECT` ends with to lock the rows that it reads until the transaction is over. */
  readonly forUpdate: "" | "FOR UPDATE";
  /** How many rows one `INSERT` may hold at its best. */
  readonly rowsAtOnce: number;
  /** Runs one statement that only reads. */
  readonly read: RunSql;
  /**
   * Runs `work` as one transaction, which is rolled back when it throws. In SQLite one runs at a time; PostgreSQL locks
   * what `work` locks. `work` waits for nothing but the database.
   */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  readonly wakes: Wakes;
}

/** Opens a new database: makes its schema. Other processes wait meanwhile. */
export type Prepare = (session: Session, place: string) => Promise<void>;
