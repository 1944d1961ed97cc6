import { describe, expect, it } from "vitest";
import { StorageError } from "../storage-error.js";
import { sharedHouses } from "../testing/houses.js";
import { doRun } from "../testing/run-events.js";
import { openDatabase } from "./open-database.js";
import type { Prepare } from "./database.js";
import { knownMigrations, migrate } from "./migrate.js";

const known = knownMigrations();

it("knows numbered files without a gap", () => {
  expect(known.map(({ version }) => version)).toEqual(known.map((_, index) => index + 1));
  expect(known.length).toBeGreaterThan(0);
});

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`the schema in ${kind.name}`, () => {
    it("is made once, however many processes start at the same time", async () => {
      await using house = await kind.build();
      const processes = await Promise.all(Array.from({ length: 4 }, () => house.open()));
      for (const [index, { runs }] of processes.entries()) await doRun(runs, { runId: `run-${index}` });
      await Promise.all(processes.map(({ runs }) => runs.list({ limit: 1 })));
      expect((await processes[0]?.runs.list({ limit: 9 }))?.runs).toHaveLength(4);
    });

    it("is brought on from an older one, and kept whole when a change fails", async () => {
      await using house = await kind.build();
      const { clock, place } = house;
      const next = known.length + 1;
      const added = {
        version: next,
        sql: "CREATE TABLE added (value text); INSERT INTO added VALUES ('new')",
      };
      const broken = {
        version: next + 1,
        sql: "CREATE TABLE half (value text); INSERT INTO nowhere VALUES (1)",
      };
      const openWith = (migrations: typeof known) => {
        const prepare: Prepare = (session, where) => migrate(session, where, migrations);
        return openDatabase({ ...place, clock, now: clock.now, prepare });
      };
      await (await house.open())[Symbol.asyncDispose]();
      await expect(openWith([...known, added, broken])).rejects.toThrow(/nowhere/);
      {
        await using database = await openWith([...known, added]);
        expect(await database.read("SELECT value FROM added")).toEqual([{ value: "new" }]);
        await expect(database.read("SELECT * FROM half")).rejects.toThrow(StorageError);
      }
      await using again = await openWith([...known, added]);
      expect(await again.read("SELECT count(*) AS rows FROM added")).toEqual([{ rows: 1 }]);

      const older = await house.open().catch((error: unknown) => error);
      expect(older).toBeInstanceOf(StorageError);
      expect(older).toMatchObject({ problem: "newer" });
    });
  });
}
