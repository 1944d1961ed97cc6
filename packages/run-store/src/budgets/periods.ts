/** The day and the month of a time, as they name what was spent in them. */
export interface Periods {
  /** Example: `2026-11-28`. */
  readonly day: string;
  /** Example: `2026-11`. */
  readonly month: string;
  /** Milliseconds until the next day begins. */
  readonly dayLeftMs: number;
  /** Milliseconds until the next month begins. */
  readonly monthLeftMs: number;
}

/** The day and the month, in UTC, of a time in milliseconds since 1970. */
export function periodsOf(timeMs: number): Periods {
  const date = new Date(timeMs);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  return {
    day: date.toISOString().slice(0, 10),
    month: date.toISOString().slice(0, 7),
    dayLeftMs: Date.UTC(year, month, day + 1) - timeMs,
    monthLeftMs: Date.UTC(year, month + 1) - timeMs,
  };
}
