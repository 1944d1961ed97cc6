import { closeSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Clock } from "../../clock.js";
import { canPass } from "../../storage-error.js";
import type { Database, Prepare, RunSql, Session, Value } from "../database.js";
import { createQueue } from "../queue.js";
import { Wakes } from "../wakes.js";
import { makeFolder } from "./make-folder.js";
import { SqliteConnection } from "./sqlite-connection.js";
import { toSqliteError } from "./sqlite-error.js";

/** How often to look for what other processes have written, in milliseconds: nobody tells. */
const lookAgainMs = 250;

/** What the embedded database needs. */
export interface SqliteOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly prepare: Prepare;
}

interface Connections {
  readonly writer: SqliteConnection;
  readonly reader: SqliteConnection;
}

/**
 * Opens an embedded database, and makes the file and its folder where they are missing.
 *
 * After an error, and when the file was removed or replaced, it is opened anew at the next use, so what has passed
 * needs no restart.
 *
 * @throws StorageError
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const database = new SqliteDatabase(options);
  await database.write(async () => {});
  return database;
}

class SqliteDatabase implements Database {
  readonly place: string;
  readonly forUpdate = "";
  readonly rowsAtOnce = 20;
  readonly wakes: Wakes;
  readonly #clock: Clock;
  readonly #prepare: Prepare;
  readonly #writes = createQueue();
  readonly #reads = createQueue();
  #connections: Promise<Connections> | undefined;
  /** Which file they are connected to, whatever stands under its name later. */
  #identity = "";

  constructor({ file, clock, prepare }: SqliteOptions) {
    this.place = resolve(file);
    this.#clock = clock;
    this.#prepare = prepare;
    this.wakes = new Wakes(clock, () => lookAgainMs);
  }

  readonly read: RunSql = (sql, ...params) =>
    this.#reads(() => this.#use(({ reader }) => reader.rows(...this.#statement(sql, params))));

  async write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const topics = new Set<string>();
    const wake = (topic: string): void => void topics.add(topic);
    const result = await this.#writes(() =>
      this.#use(({ writer }) => this.#transaction(writer, (session) => work({ ...session, wake }))),
    );
    for (const topic of topics) this.wakes.wake(topic);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writes(async () => {
      const connections = await this.#connections?.catch(() => undefined); // it never came about
      this.#connections = undefined;
      if (connections === undefined) return;
      const { writer, reader } = connections;
      try {
        // So that the file alone is a whole copy.
        await writer.script("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // What is written stays in the file beside it, where the next start finds it.
      }
      writer.close();
      reader.close();
    });
  }

  async #transaction<T>(
    writer: SqliteConnection,
    work: (session: Omit<Session, "wake">) => Promise<T>,
  ): Promise<T> {
    await writer.script("BEGIN IMMEDIATE");
    try {
      const result = await work({
        sql: (sql, ...params) => writer.rows(...this.#statement(sql, params)),
        script: (sql) => writer.script(sql),
      });
      await writer.script("COMMIT");
      return result;
    } catch (error) {
      try {
        await writer.script("ROLLBACK");
      } catch {
        // SQLite has done it by itself, or cannot: in either case a new connection knows nothing of it.
        this.#connections = undefined;
      }
      throw error;
    }
  }

  /** Uses the connections. An error that may stick to them makes the next use open new ones. */
  async #use<T>(work: (connections: Connections) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      const isTheirs = canPass(error) && error.problem !== "busy";
      if (isTheirs) this.#connections = undefined; // not closed: the other one of them may be at work
      throw error;
    }
  }

  #open(): Promise<Connections> {
    if (this.#connections === undefined || this.#identity !== identityOf(this.place)) {
      this.#connections = this.#connect();
    }
    return this.#connections;
  }

  async #connect(): Promise<Connections> {
    try {
      makeFolder(dirname(this.place));
      closeSync(openSync(this.place, "a", 0o600)); // SQLite gives the files beside it the same permissions
      this.#identity = identityOf(this.place);
    } catch (error) {
      throw toSqliteError(error, this.place);
    }
    const writer = new SqliteConnection(this.place);
    await writer.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    await this.#transaction(writer, (session) => this.#prepare({ ...session, wake: () => {} }, this.place));
    return { writer, reader: new SqliteConnection(this.place) };
  }

  #statement(sql: string, params: readonly Value[]): [sql: string, params: readonly Value[]] {
    const withTime = sql.includes(":now") ? [...params, this.#clock.now()] : params;
    return [sql.replaceAll(":now", `?${params.length + 1}`).replaceAll(/\$(\d+)/g, "?$1"), withTime];
  }
}

/** Which file stands under a name; empty when there is none. */
function identityOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.dev}:${stats.ino}`;
}
