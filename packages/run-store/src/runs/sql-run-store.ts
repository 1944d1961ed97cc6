import type { Row } from "../database/database.js";
import { optionalText, text } from "../database/row.js";
import type { WatchedDatabase } from "../database/watch-writes.js";
import type { ProcessLease } from "../process/process-lease.js";
import { StorageError } from "../storage-error.js";
import { toCursor } from "./cursor.js";
import { fromEventJson } from "./event-json.js";
import { listSql } from "./list-sql.js";
import { hasStatus, summaryColumns, summaryOf } from "./run-row.js";
import type {
  LoggedEvent,
  NewRun,
  RunLog,
  RunPage,
  RunQuery,
  RunStore,
  RunSummary,
  StoredRun,
  TailOptions,
  Twin,
} from "./run-store.js";
import type { RunWriter } from "./run-writer.js";

/** What a run log in a database needs. */
export interface SqlRunStoreDeps {
  readonly database: WatchedDatabase;
  readonly lease: ProcessLease;
  readonly writer: RunWriter;
}

/** How many events are read at once. */
const pageSize = 100;
/** What processes tell each other when the end of a run is asked for. */
const cancelTopic = "cancel";

/** A run log in a database. Disposing it ends what it does by itself. */
export class SqlRunStore implements RunStore, Disposable {
  readonly #database: WatchedDatabase;
  readonly #lease: ProcessLease;
  readonly #writer: RunWriter;
  readonly #isAlive: string;
  readonly #end = new AbortController();
  #listening = false;

  constructor({ database, lease, writer }: SqlRunStoreDeps) {
    this.#database = database;
    this.#lease = lease;
    this.#writer = writer;
    this.#isAlive = lease.alive("run.owner");
    lease.onBeat(() => this.#cancelOwn());
  }

  begin(run: NewRun): RunLog {
    this.#database.checkWritable();
    if (!this.#listening) void this.#listen();
    return this.#writer.begin(run);
  }

  async read(runId: string): Promise<readonly LoggedEvent[]> {
    await this.#writer.flush();
    return this.#events(runId, 0);
  }

  async about(runId: string, owner?: string): Promise<RunSummary | undefined> {
    const run = await this.#row(runId, owner);
    return run && summaryOf(run);
  }

  async find(runId: string, owner?: string): Promise<StoredRun | undefined> {
    const run = await this.#row(runId, owner, ", request");
    if (run === undefined) return undefined;
    const log = await this.#events(runId, 0);
    return { ...summaryOf(run), request: optionalText(run, "request"), log };
  }

  async list(query: RunQuery): Promise<RunPage> {
    await this.#writer.flush();
    const rows = await this.#database.read(...listSql(query, this.#isAlive));
    const runs = rows.slice(0, query.limit).map(summaryOf);
    const last = rows.length > query.limit ? runs.at(-1) : undefined;
    return { runs, nextCursor: last && toCursor(last) };
  }

  async *tail(runId: string, { after = 0, signal }: TailOptions): AsyncGenerator<LoggedEvent> {
    using watch = this.#database.wakes.watch(runId);
    for (let seq = after; ;) {
      await this.#writer.flush();
      // Looked up first, so that what follows is all there is when the run is over.
      const run = await this.about(runId);
      const events = await this.#events(runId, seq, pageSize);
      for (const logged of events) {
        signal.throwIfAborted();
        yield logged;
        seq = logged.seq;
      }
      if (events.length === pageSize) continue;
      if (run?.status !== "running") return;
      await watch.next(signal);
    }
  }

  async findTwin({ owner, requestHash, withinMs }: Twin): Promise<RunSummary | undefined> {
    await this.#writer.flush();
    const sql =
      `SELECT ${summaryColumns(this.#isAlive)} FROM run ` +
      "WHERE owner_key = $1 AND request_hash = $2 AND create_time > :now - $3 " +
      `AND (status = 'completed' OR ${hasStatus("running", this.#isAlive)}) ` +
      "ORDER BY create_time DESC LIMIT 1";
    const [row] = await this.#database.read(sql, owner, requestHash, withinMs);
    return row && summaryOf(row);
  }

  async cancel(runId: string, owner?: string): Promise<boolean> {
    const run = await this.about(runId, owner);
    if (run?.status !== "running") return false;
    if (this.#writer.cancel(runId)) return true;
    await this.#database.write(async ({ sql, wake }) => {
      await sql("UPDATE run SET cancel_time = :now WHERE run_id = $1 AND status = 'active'", runId);
      wake(cancelTopic);
    });
    return true;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  /** Hears of it when other processes ask for the end of a run of this one, as long as it has any. */
  async #listen(): Promise<void> {
    this.#listening = true;
    using watch = this.#database.wakes.watch(cancelTopic);
    try {
      do {
        await watch.next(this.#end.signal);
        await this.#cancelOwn().catch(() => {}); // the next look or beat does it
      } while (this.#writer.isBusy);
    } catch {
      // It is at its end.
    }
    this.#listening = false;
  }

  async #cancelOwn(): Promise<void> {
    const sql = "SELECT run_id FROM run WHERE owner = $1 AND status = 'active' AND cancel_time IS NOT NULL";
    for (const row of await this.#database.read(sql, this.#lease.processId))
      this.#writer.cancel(text(row, "run_id"));
  }

  async #row(runId: string, owner?: string, alsoColumns = ""): Promise<Row | undefined> {
    await this.#writer.flush();
    const sql = `SELECT ${summaryColumns(this.#isAlive)}${alsoColumns} FROM run WHERE run_id = $1`;
    const [row] = await this.#database.read(sql, runId);
    return row === undefined || (owner !== undefined && text(row, "owner_key") !== owner) ? undefined : row;
  }

  async #events(runId: string, after: number, limit?: number): Promise<readonly LoggedEvent[]> {
    const sql =
      "SELECT event FROM run_event WHERE run_id = $1 AND seq > $2 ORDER BY seq" +
      (limit === undefined ? "" : ` LIMIT ${limit}`);
    const rows = await this.#database.read(sql, runId, after);
    return rows.map((row) => this.#event(runId, text(row, "event")));
  }

  #event(runId: string, json: string): LoggedEvent {
    try {
      return fromEventJson(json);
    } catch (error) {
      throw new StorageError("unreadable", this.#database.place, `run ${runId}`, { cause: error });
    }
  }
}
