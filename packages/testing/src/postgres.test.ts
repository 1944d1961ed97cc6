import { Client } from "pg";
import { expect, test } from "vitest";
import { findPostgres, startPostgres } from "./postgres.js";

test.skipIf(findPostgres() === undefined)(
  "a PostgreSQL server starts, stops, and starts again",
  async () => {
    await using postgres = await startPostgres();
    const [first, second] = [await postgres.newDatabase(), await postgres.newDatabase()];
    expect(first).not.toBe(second);
    const ask = async (sql: string): Promise<unknown[]> => {
      const client = new Client({ connectionString: first });
      await client.connect();
      const { rows } = await client.query(sql);
      await client.end();
      return rows;
    };
    await ask("CREATE TABLE kept (value text)");
    await postgres.stop();
    await expect(ask("SELECT 1")).rejects.toThrow("ECONNREFUSED");
    await postgres.start();
    expect(await ask("SELECT * FROM kept")).toEqual([]);
  },
  60_000,
);
