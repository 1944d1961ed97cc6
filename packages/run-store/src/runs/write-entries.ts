import type { Database, Value } from "../database/database.js";
import { forRows } from "../database/values.js";
import { toEventJson } from "./event-json.js";
import type { Entry } from "./live-run.js";

/** Where and for whom entries are stored. */
export interface WriteDeps {
  readonly database: Database;
  /** The process that carries out the runs. */
  readonly processId: string;
  /** Milliseconds since 1970, by the clock that the entries' times are of. */
  readonly now: () => number;
}

/**
 * Stores entries, which have their positions, in one transaction. Storing the same ones again does no harm: whether a
 * transaction ended well is not known when the database breaks off.
 *
 * @throws StorageError
 */
export async function writeEntries(entries: readonly Entry[], deps: WriteDeps): Promise<void> {
  const { database } = deps;
  const written = entries.flatMap(eventJson);
  await database.write(async (session) => {
    // Taken here, so that "so long ago" is counted from the same moment as the database's clock.
    const now = deps.now();
    const runs = entries.flatMap((entry) => runRow(entry, deps.processId, now));
    const events = written.map(({ runId, seq, json, timeMs }) => [runId, seq, json, ago(timeMs, now)]);
    const states = stateRows(entries, now);
    await forRows(database, session, {
      form: "?, ?, ?, ?, ?, ?, 'active', ?, :now - ?",
      rows: runs,
      sql: (values) => `INSERT INTO run (${runColumns}) ${values} ON CONFLICT (run_id) DO NOTHING`,
    });
    await forRows(database, session, {
      form: "?, ?, ?, :now - ?",
      rows: events,
      sql: (values) =>
        `INSERT INTO run_event (run_id, seq, event, create_time) ${values} ON CONFLICT (run_id, seq) DO NOTHING`,
    });
    await forRows(database, session, { form: "?, ?, ?, ?", rows: states, sql: stateSql });
    for (const [runId] of states) session.wake(runId);
  });
}

const runColumns =
  "run_id, owner_key, idempotency_key, request, request_hash, preset, status, owner, create_time";

// A run that has ended stays as it ended, whatever is stored twice.
const stateSql = (values: string): string =>
  "UPDATE run SET status = state.column3, finish_time = :now - CAST(state.column4 AS bigint), " +
  "last_seq = CASE WHEN last_seq < CAST(state.column2 AS integer) THEN CAST(state.column2 AS integer) ELSE last_seq END " +
  `FROM (${values}) AS state WHERE run_id = state.column1 AND status IN ('active', 'incomplete')`;

/** How long ago something was. A clock that ran backwards counts as now. */
const ago = (timeMs: number, now: number): number => Math.max(0, now - timeMs);

function runRow({ live, event, timeMs }: Entry, processId: string, now: number): (readonly Value[])[] {
  if (event?.type !== "run_started") return [];
  const { runId, owner = "", idempotencyKey = null, request = null, requestHash = null } = live.run;
  const { preset } = event.spec;
  return [[runId, owner, idempotencyKey, request, requestHash, preset, processId, ago(timeMs, now)]];
}

interface WrittenEvent {
  readonly runId: string;
  readonly seq: number;
  readonly timeMs: number;
  readonly json: string;
}

function eventJson({ live, event, seq, timeMs }: Entry): WrittenEvent[] {
  if (event === undefined) return [];
  const { runId } = live.run;
  return [{ runId, seq, timeMs, json: toEventJson(runId, { seq, timeMs, event }) }];
}

type State = readonly [runId: string, lastSeq: number, status: string, agoMs: number | null];

/** How each run stands after its entries. */
function stateRows(entries: readonly Entry[], now: number): readonly State[] {
  const rows = new Map<string, State>();
  for (const { live, event, seq, timeMs } of entries) {
    const { runId } = live.run;
    const ended = event?.type === "run_finished";
    const status = ended ? event.result.status : event === undefined ? "incomplete" : "active";
    const lastSeq = Math.max(seq, rows.get(runId)?.[1] ?? 0);
    rows.set(runId, [runId, lastSeq, status, ended ? ago(timeMs, now) : null]);
  }
  return [...rows.values()];
}
