import type { Database, Row, Session } from "../database/database.js";
import { number, optionalNumber, text } from "../database/row.js";
import type { Later } from "../later.js";
import type { SqlStoreDeps } from "../sql-store-deps.js";
import {
  type Claim,
  type ClaimRequest,
  type HeldClaim,
  type IdempotencyStore,
  rememberedMs,
  type StoredResponse,
} from "./idempotency-store.js";

/** Remembers requests in a database. */
export class SqlIdempotencyStore implements IdempotencyStore {
  readonly #database: Database;
  readonly #processId: string;
  readonly #later: Later;
  readonly #isAlive: string;

  constructor({ database, lease, later }: SqlStoreDeps) {
    this.#database = database;
    this.#processId = lease.processId;
    this.#later = later;
    this.#isAlive = lease.alive("idempotency.process_id");
  }

  async claim(request: ClaimRequest): Promise<Claim> {
    const { owner, key } = request;
    return this.#database.write(async (session) => {
      // Between the two statements the other claim may be given up.
      for (;;) {
        if (await this.#take(session, request)) return { type: "new" };
        const [row] = await session.sql(
          `${this.#select} WHERE owner_key = $1 AND idempotency_key = $2`,
          owner,
          key,
        );
        if (row !== undefined) return claimOf(row, request);
      }
    });
  }

  async finish({ owner, key, runId }: HeldClaim, { status, type, body }: StoredResponse): Promise<void> {
    await this.#later.do("the answer to a request with an idempotency key", () =>
      this.#end(
        runId,
        "UPDATE idempotency SET finish_time = :now, response_status = $4, response_type = $5, response_body = $6 " +
          "WHERE owner_key = $1 AND idempotency_key = $2 AND run_id = $3",
        [owner, key, runId, status, type, body],
      ),
    );
  }

  async release({ owner, key, runId }: HeldClaim): Promise<void> {
    await this.#later.do("that a request with an idempotency key was given up", () =>
      this.#end(
        runId,
        "DELETE FROM idempotency WHERE owner_key = $1 AND idempotency_key = $2 AND run_id = $3 AND finish_time IS NULL",
        [owner, key, runId],
      ),
    );
  }

  async outcome({ owner, key, runId }: HeldClaim, signal: AbortSignal): Promise<StoredResponse | undefined> {
    using watch = this.#database.wakes.watch(topicOf(runId));
    for (;;) {
      const sql = `${this.#select} WHERE owner_key = $1 AND idempotency_key = $2 AND run_id = $3`;
      const [row] = await this.#database.read(sql, owner, key, runId);
      if (row === undefined) return undefined;
      if (isFinished(row)) return responseOf(row);
      if (number(row, "is_alive") === 0) return undefined;
      await watch.next(signal);
    }
  }

  get #select(): string {
    return (
      "SELECT request_hash, run_id, finish_time, response_status, response_type, response_body, " +
      `CASE WHEN ${this.#isAlive} THEN 1 ELSE 0 END AS is_alive FROM idempotency`
    );
  }

  /** Takes a key that is free: new, forgotten, or left by a process that died at the same request. */
  async #take({ sql }: Session, { owner, key, requestHash, runId }: ClaimRequest): Promise<boolean> {
    const rows = await sql(
      "INSERT INTO idempotency (owner_key, idempotency_key, request_hash, run_id, process_id, create_time, expire_time) " +
        "VALUES ($1, $2, $3, $4, $5, :now, :now + $6) " +
        "ON CONFLICT (owner_key, idempotency_key) DO UPDATE SET request_hash = excluded.request_hash, " +
        "run_id = excluded.run_id, process_id = excluded.process_id, create_time = excluded.create_time, " +
        "expire_time = excluded.expire_time, finish_time = NULL, response_status = NULL, response_type = NULL, " +
        "response_body = NULL " +
        "WHERE idempotency.expire_time <= :now OR (idempotency.finish_time IS NULL " +
        `AND idempotency.request_hash = excluded.request_hash AND NOT ${this.#isAlive}) ` +
        "RETURNING run_id",
      owner,
      key,
      requestHash,
      runId,
      this.#processId,
      rememberedMs,
    );
    return rows.length > 0;
  }

  #end(runId: string, statement: string, params: readonly (string | number)[]): Promise<void> {
    return this.#database.write(async ({ sql, wake }) => {
      await sql(statement, ...params);
      wake(topicOf(runId));
    });
  }
}

const topicOf = (runId: string): string => `claim:${runId}`;

function isFinished(row: Row): boolean {
  return optionalNumber(row, "finish_time") !== undefined;
}

function responseOf(row: Row): StoredResponse {
  return {
    status: number(row, "response_status"),
    type: text(row, "response_type"),
    body: text(row, "response_body"),
  };
}

function claimOf(row: Row, { requestHash }: ClaimRequest): Claim {
  if (text(row, "request_hash") !== requestHash) return { type: "conflict" };
  const runId = text(row, "run_id");
  return isFinished(row)
    ? { type: "finished", runId, response: responseOf(row) }
    : { type: "running", runId };
}
