import type { Row } from "../database/database.js";
import { number, optionalNumber, optionalText, text } from "../database/row.js";
import type { RunStatus, RunSummary } from "./run-store.js";

/** What a run looks like to whoever asks: one whose process is gone has ended. */
export type StoredStatus = Exclude<RunStatus, "running"> | "active" | "incomplete";

const statuses = {
  active: "running",
  incomplete: "failed",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
} as const satisfies Record<StoredStatus, RunStatus>;

/** The columns that `summaryOf` reads. `isAlive` is SQL that says whether the process of a run lives. */
export function summaryColumns(isAlive: string): string {
  return (
    "run_id, owner_key, preset, create_time, finish_time, last_seq, idempotency_key, " +
    `CASE WHEN status = 'active' AND NOT ${isAlive} THEN 'incomplete' ELSE status END AS status`
  );
}

/** SQL that chooses runs by their status. */
export function hasStatus(status: RunStatus, isAlive: string): string {
  switch (status) {
    case "running":
      return `(status = 'active' AND ${isAlive})`;
    case "failed":
      return `(status IN ('failed', 'incomplete') OR (status = 'active' AND NOT ${isAlive}))`;
    case "completed":
    case "cancelled":
      return `status = '${status}'`;
    default:
      return status satisfies never;
  }
}

/** Reads a run. */
export function summaryOf(row: Row): RunSummary {
  const status = text(row, "status");
  if (!isStatus(status)) throw new TypeError(`the column status holds ${status}`);
  return {
    runId: text(row, "run_id"),
    owner: text(row, "owner_key"),
    preset: text(row, "preset"),
    status: statuses[status],
    incomplete: status === "incomplete",
    startTimeMs: number(row, "create_time"),
    finishTimeMs: optionalNumber(row, "finish_time"),
    events: number(row, "last_seq"),
    idempotencyKey: optionalText(row, "idempotency_key"),
  };
}

function isStatus(status: string): status is StoredStatus {
  return Object.hasOwn(statuses, status);
}
