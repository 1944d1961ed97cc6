import type { Value } from "../database/database.js";
import { fromCursor } from "./cursor.js";
import { hasStatus, summaryColumns } from "./run-row.js";
import type { RunQuery } from "./run-store.js";

/** A statement and its parameters. */
export type Statement = readonly [sql: string, ...params: readonly Value[]];

/**
 * The statement that lists runs, one more than wanted: so it is known whether more follow.
 *
 * @throws CursorError
 */
export function listSql(query: RunQuery, isAlive: string): Statement {
  const params: Value[] = [];
  const take = (value: Value): string => `$${params.push(value)}`;
  const wanted: string[] = [];
  if (query.owner !== undefined) wanted.push(`owner_key = ${take(query.owner)}`);
  if (query.preset !== undefined) wanted.push(`preset = ${take(query.preset)}`);
  if (query.status !== undefined) wanted.push(hasStatus(query.status, isAlive));
  if (query.since !== undefined) wanted.push(`create_time >= ${take(Math.floor(query.since))}`);
  if (query.before !== undefined) wanted.push(`create_time < ${take(Math.floor(query.before))}`);
  if (query.cursor !== undefined) {
    const { startTimeMs, runId } = fromCursor(query.cursor);
    wanted.push(`(create_time, run_id) < (${take(startTimeMs)}, ${take(runId)})`);
  }
  const where = wanted.length === 0 ? "" : `WHERE ${wanted.join(" AND ")} `;
  const sql =
    `SELECT ${summaryColumns(isAlive)} FROM run ${where}` +
    `ORDER BY create_time DESC, run_id DESC LIMIT ${take(query.limit + 1)}`;
  return [sql, ...params];
}
