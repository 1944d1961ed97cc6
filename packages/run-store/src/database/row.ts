import type { Row, Value } from "./database.js";

function wrong(column: string, value: Value | undefined): never {
  throw new TypeError(`the column ${column} holds ${value === null ? "nothing" : typeof value}`);
}

/** A text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : wrong(column, value);
}

/** A text that may be missing. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** A number. */
export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === "number" ? value : wrong(column, value);
}

/** A number that may be missing. */
export function optionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

/** The only row of a statement that always gives one. */
export function onlyRow(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new TypeError(`${rows.length} rows instead of one`);
  return row;
}
