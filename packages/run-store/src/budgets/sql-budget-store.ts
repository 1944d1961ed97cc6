import { randomUUID } from "node:crypto";
import type { Database, RunSql } from "../database/database.js";
import { number, onlyRow } from "../database/row.js";
import type { Later } from "../later.js";
import type { SqlStoreDeps } from "../sql-store-deps.js";
import type { Admitted, BudgetStore, Limited, LimitedKey, Reserved, Spending } from "./budget-store.js";
import { periodsOf } from "./periods.js";
import { correctionOf, type Draw, drawsOf, roomAfter, tooLittle } from "./rate.js";
import { hasBudget, missingRoom } from "./room.js";

/** Counts what keys use in a database, so that all processes count together. */
export class SqlBudgetStore implements BudgetStore {
  readonly #database: Database;
  readonly #processId: string;
  readonly #later: Later;
  readonly #isAlive: string;

  constructor({ database, lease, later }: SqlStoreDeps) {
    this.#database = database;
    this.#processId = lease.processId;
    this.#later = later;
    this.#isAlive = lease.alive("reservation.process_id");
  }

  async admit({ keyId, limits }: LimitedKey, tokens: number): Promise<Admitted | Limited> {
    const draws = drawsOf(limits, tokens);
    if (draws.length === 0) return { type: "admitted", rooms: [] };
    return this.#database.write(async ({ sql }) => {
      const now = await this.#lock(sql, keyId);
      const busy = await busyUntil(sql, keyId);
      for (const draw of draws) {
        const limited = tooLittle(draw, busy.get(draw.limit) ?? 0, now);
        if (limited !== undefined) return limited;
      }
      for (const draw of draws) await move(sql, keyId, draw);
      const rooms = draws.map((draw) => roomAfter(draw, busy.get(draw.limit) ?? 0, now));
      return { type: "admitted", rooms };
    });
  }

  async correctTokens({ keyId, limits }: LimitedKey, difference: number): Promise<void> {
    const draw = correctionOf(limits, difference);
    if (draw === undefined || difference === 0) return;
    await this.#later.do("how many tokens a key has used", () =>
      this.#database.write(({ sql }) => move(sql, keyId, draw)),
    );
  }

  async reserve({ keyId, limits }: LimitedKey, usdNanos: number): Promise<Reserved | Limited | undefined> {
    if (!hasBudget(limits)) return undefined;
    const reservationId = randomUUID();
    return this.#database.write(async ({ sql }) => {
      const now = await this.#lock(sql, keyId);
      const missing = missingRoom(limits, await this.#spending(sql, keyId, now), usdNanos, now);
      if (missing !== undefined) return missing;
      await sql(
        "INSERT INTO reservation (reservation_id, key_id, usd_nanos, process_id, create_time) " +
          "VALUES ($1, $2, $3, $4, :now)",
        reservationId,
        keyId,
        usdNanos,
        this.#processId,
      );
      return { type: "reserved", reservationId };
    });
  }

  async settle({ keyId }: LimitedKey, { reservationId }: Reserved, usdNanos: number): Promise<void> {
    await this.#later.do("what a run has cost", () =>
      this.#database.write(async ({ sql }) => {
        const now = await this.#lock(sql, keyId);
        const open = await sql(
          "UPDATE reservation SET settle_time = :now WHERE reservation_id = $1 AND settle_time IS NULL " +
            "RETURNING reservation_id",
          reservationId,
        );
        if (open.length === 0) return; // it was settled before, by an attempt of which nobody heard how it ended
        const { day, month } = periodsOf(now);
        for (const period of [day, month]) await spend(sql, keyId, period, usdNanos);
      }),
    );
  }

  async spending(keyId: string): Promise<Spending> {
    const now = number(onlyRow(await this.#database.read("SELECT :now AS now")), "now");
    return this.#spending(this.#database.read, keyId, now);
  }

  /** Keeps others from counting for a key until the transaction is over. Gives the time. */
  async #lock(sql: RunSql, keyId: string): Promise<number> {
    const { forUpdate } = this.#database;
    const rows = await sql(`SELECT :now AS now FROM api_key WHERE key_id = $1 ${forUpdate}`, keyId);
    return number(onlyRow(rows), "now");
  }

  async #spending(sql: RunSql, keyId: string, now: number): Promise<Spending> {
    const { day, month } = periodsOf(now);
    const spent = (period: string): string =>
      `(SELECT coalesce(sum(usd_nanos), 0) FROM spend WHERE key_id = $1 AND period = ${period})`;
    const reserved =
      "(SELECT coalesce(sum(usd_nanos), 0) FROM reservation " +
      `WHERE key_id = $1 AND settle_time IS NULL AND ${this.#isAlive})`;
    const rows = await sql(
      `SELECT CAST(${spent("$2")} AS bigint) AS day, CAST(${spent("$3")} AS bigint) AS month, ` +
        `CAST(${reserved} AS bigint) AS reserved`,
      keyId,
      day,
      month,
    );
    const row = onlyRow(rows);
    return {
      dayUsdNanos: number(row, "day"),
      monthUsdNanos: number(row, "month"),
      reservedUsdNanos: number(row, "reserved"),
    };
  }
}

async function busyUntil(sql: RunSql, keyId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await sql("SELECT measure, busy_until FROM rate WHERE key_id = $1", keyId);
  return new Map(rows.map((row) => [String(row["measure"]), number(row, "busy_until")]));
}

/** Takes something out of a bucket, or gives it back. */
async function move(sql: RunSql, keyId: string, { limit, costMs }: Draw): Promise<void> {
  await sql(
    "INSERT INTO rate (key_id, measure, busy_until) VALUES ($1, $2, :now + CAST($3 AS double precision)) " +
      "ON CONFLICT (key_id, measure) DO UPDATE SET busy_until = CAST($3 AS double precision) + " +
      "CASE WHEN rate.busy_until > :now THEN rate.busy_until ELSE :now END",
    keyId,
    limit,
    costMs,
  );
}

async function spend(sql: RunSql, keyId: string, period: string, usdNanos: number): Promise<void> {
  await sql(
    "INSERT INTO spend (key_id, period, usd_nanos) VALUES ($1, $2, $3) " +
      "ON CONFLICT (key_id, period) DO UPDATE SET usd_nanos = spend.usd_nanos + excluded.usd_nanos",
    keyId,
    period,
    usdNanos,
  );
}
