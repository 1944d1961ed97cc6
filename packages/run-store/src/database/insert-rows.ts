import type { Database, Session, Value } from "./database.js";

/** Rows for an `INSERT`. */
export interface Rows {
  /** Table and columns. Example: `run_event (run_id, seq)`. */
  readonly into: string;
  /** How one row is made of its parameters, `?` for each. Example: `?, :now - ?`. */
  readonly form: string;
  readonly rows: readonly (readonly Value[])[];
  /** What follows. Example: `ON CONFLICT DO NOTHING`. */
  readonly ending: string;
}

/** Inserts rows, many with one statement. */
export async function insertRows(
  { rowsAtOnce }: Pick<Database, "rowsAtOnce">,
  session: Session,
  { into, form, rows, ending }: Rows,
): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    let parameter = 0;
    const values = some.map(() => `(${form.replaceAll("?", () => `$${++parameter}`)})`);
    await session.sql(`INSERT INTO ${into} VALUES ${values.join(", ")} ${ending}`, ...some.flat());
  }
}
