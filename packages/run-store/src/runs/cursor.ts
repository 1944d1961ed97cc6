import { CursorError } from "./run-store.js";

/** The place of a run in a list. */
export interface Place {
  readonly startTimeMs: number;
  readonly runId: string;
}

/** Writes a place so that callers do not read it. */
export function toCursor({ startTimeMs, runId }: Place): string {
  return Buffer.from(`${startTimeMs}.${runId}`).toString("base64url");
}

/**
 * Reads a place.
 *
 * @throws CursorError
 */
export function fromCursor(cursor: string): Place {
  const [, time, runId] =
    /^(\d{1,15})\.([\w-]{1,64})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (time === undefined || runId === undefined) throw new CursorError();
  return { startTimeMs: Number(time), runId };
}
