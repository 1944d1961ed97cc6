import type { Clock } from "../clock.js";
import type { Database, RunSql } from "../database/database.js";
import type { StoreEvents } from "../events.js";
import { canPass } from "../storage-error.js";

/** What deleting what is old needs. */
export interface UpkeepDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly events: StoreEvents;
  /** Days after which a run is deleted. */
  readonly retentionDays: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** How often one process of all deletes what is old, in milliseconds. */
const sweepEveryMs = 60 * minuteMs;
/** How many runs are deleted at once, so that others need not wait long. */
const runsAtOnce = 200;

/** Deletes what is too old: soon after the start, then every hour. Of all processes one does it. */
export class Upkeep implements AsyncDisposable {
  readonly #deps: UpkeepDeps;
  #stopTimer = (): void => {};
  #working: Promise<void> = Promise.resolve();
  #over = false;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
    this.#arm(minuteMs);
  }

  /** Ends, after what is being deleted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stopTimer();
    await this.#working;
  }

  #arm(ms: number): void {
    if (this.#over) return;
    this.#stopTimer = this.#deps.clock.after(ms, () => {
      this.#working = this.#sweep().then(() => this.#arm(sweepEveryMs));
    });
  }

  async #sweep(): Promise<void> {
    try {
      if (!(await this.#isDue())) return;
      const runs = await this.#sweepRuns();
      await this.#deps.database.write(({ sql }) => sweepOthers(sql));
      if (runs > 0) this.#deps.events.swept(runs);
    } catch (error) {
      if (!canPass(error)) this.#deps.events.upkeepFailed(error); // the others are told when writing fails
    }
  }

  /** Whether it is this process's turn. */
  #isDue(): Promise<boolean> {
    return this.#deps.database.write(async ({ sql }) => {
      const rows = await sql(
        "INSERT INTO upkeep (task, due_time) VALUES ('sweep', :now + $1) " +
          "ON CONFLICT (task) DO UPDATE SET due_time = excluded.due_time WHERE upkeep.due_time <= :now RETURNING task",
        sweepEveryMs - minuteMs,
      );
      return rows.length > 0;
    });
  }

  async #sweepRuns(): Promise<number> {
    const ageMs = this.#deps.retentionDays * dayMs;
    for (let deleted = 0; ;) {
      const rows = await this.#deps.database.write(({ sql }) =>
        sql(
          "DELETE FROM run WHERE run_id IN (SELECT run_id FROM run WHERE create_time < :now - $1 " +
            `ORDER BY create_time LIMIT ${runsAtOnce}) RETURNING run_id`,
          ageMs,
        ),
      );
      deleted += rows.length;
      if (rows.length < runsAtOnce || this.#over) return deleted;
    }
  }
}

async function sweepOthers(sql: RunSql): Promise<void> {
  await sql("DELETE FROM idempotency WHERE expire_time <= :now");
  // Those of a dead process count no longer; those that were settled are kept until nobody tries again.
  await sql("DELETE FROM reservation WHERE create_time < :now - $1", dayMs);
  await sql("DELETE FROM process WHERE alive_until < :now - $1", dayMs);
}
