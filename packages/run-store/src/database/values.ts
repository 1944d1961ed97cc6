import type { Database, Session, Value } from "./database.js";

/** Rows that one statement works on. */
export interface Rows {
  /** How one row is made of its parameters, `?` for each. Example: `?, :now - ?`. */
  readonly form: string;
  readonly rows: readonly (readonly Value[])[];
  /** The statement around `VALUES (…), (…)`. */
  readonly sql: (values: string) => string;
}

/** Works on rows, many with one statement. */
export async function forRows(
  { rowsAtOnce }: Pick<Database, "rowsAtOnce">,
  session: Pick<Session, "sql">,
  { form, rows, sql }: Rows,
): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    let parameter = 0;
    const values = some.map(() => `(${form.replaceAll("?", () => `$${++parameter}`)})`);
    await session.sql(sql(`VALUES ${values.join(", ")}`), ...some.flat());
  }
}
