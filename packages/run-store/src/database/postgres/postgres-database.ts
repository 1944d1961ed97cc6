import { Pool, type PoolClient, types } from "pg";
import type { Clock } from "../../clock.js";
import { StorageError } from "../../storage-error.js";
import type { Database, Prepare, Row, RunSql, Session, Value } from "../database.js";
import { placeOf } from "./place-of.js";
import { toPostgresError } from "./postgres-error.js";
import { channel, PostgresListener } from "./postgres-listener.js";

/** The most connections of a process, beside the one that listens. */
const maxConnections = 10;
/** How long to wait for a connection, in milliseconds. */
const connectMs = 5_000;
/** How long to wait for a statement, in milliseconds. */
const statementMs = 10_000;
/** A number that only Synod locks with: one process at a time changes the schema. */
const schemaLock = 5_929_634_171;

const ownClock = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/** What PostgreSQL is reached with. */
export interface PostgresOptions {
  /** `postgres://…`. Secret. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly prepare: Prepare;
  /** The time in milliseconds since 1970, for tests. The database's own clock when unset. */
  readonly now?: (() => number) | undefined;
}

/**
 * Connects to PostgreSQL and makes the schema where it is missing. Connections that break are replaced at the next use.
 *
 * @throws StorageError
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const database = new PostgresDatabase(options);
  try {
    await database.open(options.prepare);
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  return database;
}

class PostgresDatabase implements Database {
  readonly place: string;
  readonly forUpdate = "FOR UPDATE";
  readonly rowsAtOnce = 500;
  readonly #pool: Pool;
  readonly #listener: PostgresListener;
  readonly #now: () => string;

  constructor({ databaseUrl, clock, now }: PostgresOptions) {
    this.place = placeOf(databaseUrl);
    this.#now = now === undefined ? () => ownClock : () => String(Math.floor(now()));
    this.#pool = new Pool({
      connectionString: databaseUrl,
      application_name: "synod",
      max: maxConnections,
      connectionTimeoutMillis: connectMs,
      query_timeout: statementMs,
      keepAlive: true,
      types: { getTypeParser: parserOf },
    });
    // A connection that breaks while nobody uses it is replaced. Whoever uses it hears of it from the statement.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
    this.#listener = new PostgresListener({ databaseUrl, clock, tell: (topic) => this.#tell(topic) });
  }

  get wakes() {
    return this.#listener.wakes;
  }

  async open(prepare: Prepare): Promise<void> {
    await this.write(async (session) => {
      await session.sql("SELECT pg_advisory_xact_lock($1)", schemaLock);
      await prepare(session, this.place);
    });
    this.#listener.start();
  }

  readonly read: RunSql = (sql, ...params) => this.#use((client) => this.#rows(client, sql, params));

  async write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const topics = new Set<string>();
    const result = await this.#use(async (client) => {
      const sql: RunSql = (text, ...params) => this.#rows(client, text, params);
      await sql("BEGIN");
      try {
        const done = await work({
          sql,
          script: async (text) => void (await sql(text)),
          wake: (topic) => void topics.add(topic),
        });
        for (const topic of topics) await sql(tellSql, topic);
        await sql("COMMIT");
        return done;
      } catch (error) {
        if (!isGone(error)) await sql("ROLLBACK");
        throw error;
      }
    });
    for (const topic of topics) this.wakes.wake(topic);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    await this.#pool.end();
  }

  /** Lends a connection. One that may be broken is not used again. */
  async #use<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#told(() => this.#pool.connect());
    let gone = false;
    try {
      return await work(client);
    } catch (error) {
      gone = isGone(error);
      throw error;
    } finally {
      client.release(gone);
    }
  }

  async #rows(client: PoolClient, sql: string, params: readonly Value[]): Promise<readonly Row[]> {
    const text = sql.replaceAll(":now", this.#now);
    const { rows } = await this.#told(() => client.query<Row>(text, [...params]));
    return rows;
  }

  async #tell(topic: string): Promise<void> {
    await this.read(tellSql, topic);
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toPostgresError(error, this.place);
    }
  }
}

const tellSql = `SELECT pg_notify('${channel}', $1)`;

/** Whether a connection can no longer be trusted: an answer may still come for a statement that was given up. */
function isGone(error: unknown): boolean {
  return error instanceof StorageError && error.problem === "unreachable";
}

// Whole numbers of 64 bits arrive as texts otherwise.
const parserOf: typeof types.getTypeParser = (id, format) =>
  id === types.builtins.INT8 ? Number : types.getTypeParser(id, format);
