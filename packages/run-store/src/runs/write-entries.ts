import type { Database, Value } from "../database/database.js";
import { insertRows } from "../database/insert-rows.js";
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
    const events = written.map(({ runId, seq, json, timeMs }) => [runId, seq, json, now - timeMs]);
    const states = stateRows(entries, now);
    await insertRows(database, session, {
      into: "run (run_id, owner_key, idempotency_key, request, request_hash, preset, status, owner, create_time)",
      form: "?, ?, ?, ?, ?, ?, 'active', ?, :now - ?",
      rows: runs,
      ending: "ON CONFLICT (run_id) DO NOTHING",
    });
    await insertRows(database, session, {
      into: "run_event (run_id, seq, event, create_time)",
      form: "?, ?, ?, :now - ?",
      rows: events,
      ending: "ON CONFLICT (run_id, seq) DO NOTHING",
    });
    for (const state of states) await session.sql(stateSql, ...state);
    for (const [runId] of states) session.wake(runId);
  });
}

// A run that has ended stays as it ended, whatever is stored twice.
const stateSql =
  "UPDATE run SET last_seq = CASE WHEN last_seq < $2 THEN $2 ELSE last_seq END, status = $3, finish_time = :now - $4 " +
  "WHERE run_id = $1 AND status IN ('active', 'incomplete')";

function runRow({ live, event, timeMs }: Entry, processId: string, now: number): (readonly Value[])[] {
  if (event?.type !== "run_started") return [];
  const { runId, owner = "", idempotencyKey = null, request = null, requestHash = null } = live.run;
  const { preset } = event.spec;
  return [[runId, owner, idempotencyKey, request, requestHash, preset, processId, now - timeMs]];
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
    rows.set(runId, [runId, lastSeq, status, ended ? now - timeMs : null]);
  }
  return [...rows.values()];
}
