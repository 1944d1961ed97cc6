import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Clock } from "../clock.js";
import type { Database } from "../database/database.js";
import type { StoreEvents } from "../events.js";
import { canPass } from "../storage-error.js";

/** How often a process says that it lives, in milliseconds. */
const beatMs = 2_000;
/** How long it counts as alive afterwards. What it holds is free then. */
const leaseMs = 10_000;

/** What a lease needs. */
export interface LeaseDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly events: StoreEvents;
}

/**
 * What tells other processes that this one lives: a row with a time that it moves on. What a process holds (a run that
 * goes on, a claim, a reservation) names it, and is free when it has not been heard of for 10 s.
 */
export class ProcessLease implements AsyncDisposable {
  /** New at every start. */
  readonly processId = randomUUID();
  readonly #deps: LeaseDeps;
  readonly #tasks = new Set<() => Promise<void>>();
  #heardAt: number;
  #stopTimer = (): void => {};
  #beating: Promise<void> = Promise.resolve();
  #over = false;

  private constructor(deps: LeaseDeps) {
    this.#deps = deps;
    this.#heardAt = deps.clock.elapsed();
  }

  /**
   * Says for the first time that this process lives.
   *
   * @throws StorageError
   */
  static async start(deps: LeaseDeps): Promise<ProcessLease> {
    const lease = new ProcessLease(deps);
    await lease.#say();
    lease.#arm();
    return lease;
  }

  /** SQL that says whether the process that a column names lives. This one always does. */
  alive(column: string): string {
    return `(${column} = '${this.processId}' OR EXISTS (SELECT 1 FROM process WHERE process.process_id = ${column} AND process.alive_until > :now))`;
  }

  /** Does something after every sign of life, one beat at a time. What a database throws then is tried again. */
  onBeat(task: () => Promise<void>): void {
    this.#tasks.add(task);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stopTimer();
    await this.#beating;
    try {
      await this.#deps.database.write(async ({ sql }) => {
        await sql("DELETE FROM process WHERE process_id = $1", this.processId);
      });
    } catch (error) {
      if (!canPass(error)) throw error; // it ends by itself
    }
  }

  #arm(): void {
    if (this.#over) return;
    this.#stopTimer = this.#deps.clock.after(beatMs, () => {
      this.#beating = this.#beat().then(() => this.#arm());
    });
  }

  async #beat(): Promise<void> {
    try {
      await this.#say();
      for (const task of this.#tasks) await task();
    } catch (error) {
      if (!canPass(error)) this.#deps.events.upkeepFailed(error); // the others are told when writing fails
    }
  }

  async #say(): Promise<void> {
    const { database, clock, events } = this.#deps;
    await database.write(async ({ sql }) => {
      await sql(
        "INSERT INTO process (process_id, host, pid, start_time, alive_until) VALUES ($1, $2, $3, :now, :now + $4) " +
          "ON CONFLICT (process_id) DO UPDATE SET alive_until = excluded.alive_until",
        this.processId,
        hostname(),
        process.pid,
        leaseMs,
      );
    });
    const now = clock.elapsed();
    const silentMs = now - this.#heardAt;
    this.#heardAt = now;
    if (silentMs > leaseMs) events.heardLate(silentMs);
  }
}
