import { inspect } from "node:util";
import { findPostgres, startPostgres } from "@synod/testing";
import { describe, expect, it } from "vitest";
import type { StorageError, StorageProblem } from "../../storage-error.js";
import { createManualClock } from "../../testing/manual-clock.js";
import { systemClock } from "../../clock.js";
import { migrate } from "../migrate.js";
import { placeOf } from "./place-of.js";
import { openPostgres } from "./postgres-database.js";

const secret = /CANARY|p%40ss|p@ss/;
const open = (databaseUrl: string) => openPostgres({ databaseUrl, clock: systemClock, prepare: migrate });

async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const error = await work.then(
    () => {
      throw new Error("it did not fail");
    },
    (reason: StorageError) => reason,
  );
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(secret);
  return error;
}

it.each([
  ["postgres://user:CANARY@db.internal/synod", "db.internal:5432/synod"],
  ["postgres://user:CANARY@[::1]:6000/a?sslmode=require", "[::1]:6000/a"],
  ["postgres:///synod?host=/run/postgresql&password=CANARY", "/run/postgresql:5432/synod"],
])("%s is at %s", (url, place) => {
  expect(placeOf(url)).toBe(place);
});

describe.skipIf(findPostgres() === undefined)("PostgreSQL", () => {
  it("is used with its own clock, whatever that of the machine says", async () => {
    await using server = await startPostgres();
    const databaseUrl = await server.newDatabase();
    await using database = await openPostgres({ databaseUrl, clock: createManualClock(0), prepare: migrate });
    const [row] = await database.read("SELECT :now AS now");
    expect(Math.abs(Number(row?.["now"]) - Date.now())).toBeLessThan(60_000);
  }, 60_000);

  it("says what is wrong, without the password, and works again without a restart (F49)", async () => {
    await using server = await startPostgres();
    const url = await server.newDatabase();
    const place = `127.0.0.1:${server.port}/test_1`;
    const wrongPassword = url.replace("CANARY", "CANARIES");
    const noDatabase = url.replace("test_1", "nowhere");
    expect(await failureOf(open(wrongPassword))).toMatchObject({ problem: "denied", place });
    expect(await failureOf(open(noDatabase))).toMatchObject({ problem: "denied" });

    await using database = await open(url);
    const insert = (task: string) =>
      database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ($1, 1)", task));
    const tasks = async () =>
      (await database.read("SELECT task FROM upkeep ORDER BY task")).map(({ task }) => task);
    await insert("a");
    await server.stop();
    const problems: StorageProblem[] = [];
    for (const work of [() => insert("b"), tasks, () => open(url)]) {
      const failure = await failureOf(work());
      problems.push(failure.problem);
      expect(failure.message).toContain(`${place}: it cannot be reached. Start it, or correct its address`);
    }
    expect(problems).toEqual(["unreachable", "unreachable", "unreachable"]);
    await server.start();
    await insert("c");
    expect(await tasks()).toEqual(["a", "c"]);

    await database.write(({ script }) =>
      script("ALTER DATABASE test_1 SET default_transaction_read_only = on"),
    );
    await server.stop();
    await server.start();
    // The first statement finds connections that are gone.
    await failureOf(insert("d")).then(({ problem }) =>
      expect(["unreachable", "read_only"]).toContain(problem),
    );
    expect((await failureOf(insert("d"))).problem).toBe("read_only");
    expect(await tasks()).toEqual(["a", "c"]);
  }, 120_000);

  it("rolls back what fails, and goes on", async () => {
    await using server = await startPostgres();
    await using database = await open(await server.newDatabase());
    const failing = database.write(async ({ sql }) => {
      await sql("INSERT INTO upkeep VALUES ('a', 1)");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const refused = await failureOf(database.write(({ sql }) => sql("INSERT INTO nowhere VALUES (1)")));
    expect(refused.problem).toBe("defect");
    expect(await database.read("SELECT task FROM upkeep")).toEqual([]);
  }, 60_000);

  it("tells other processes what happens, again after the connection broke", async () => {
    await using server = await startPostgres();
    const url = await server.newDatabase();
    await using here = await open(url);
    await using there = await open(url);
    const heard = (topic: string): Promise<void> =>
      new Promise((resolve) => void there.wakes.on(topic, resolve));
    // Who listens does so a moment after it was opened, and hears then that something may have happened.
    await heard("first");
    const second = heard("second");
    await here.write(async ({ wake }) => wake("second"));
    await second;
    const third = heard("third");
    await server.stop();
    await server.start();
    await third;
    const fourth = heard("fourth");
    await here.read("SELECT 1").catch(() => {}); // a connection may be gone
    await here.write(async ({ wake }) => wake("fourth"));
    await fourth;
  }, 60_000);
});
