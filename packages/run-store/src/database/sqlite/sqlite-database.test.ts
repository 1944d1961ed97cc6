import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Library from "libsql/promise";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StorageError, StorageProblem } from "../../storage-error.js";
import { createManualClock } from "../../testing/manual-clock.js";
import { migrate } from "../migrate.js";
import { openSqlite } from "./sqlite-database.js";
import { toSqliteError } from "./sqlite-error.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "synod-sqlite-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, "deep", "er", "synod.db");
const clock = createManualClock();
const open = () => openSqlite({ file: file(), clock, prepare: migrate });
const problemOf = (work: Promise<unknown>): Promise<StorageProblem | "none"> =>
  work.then(
    () => "none",
    (error: StorageError) => error.problem,
  );

describe("the embedded database", () => {
  it("is made with its folder, for its user alone", async () => {
    await using database = await open();
    await database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('a', :now)"));
    const files = readdirSync(join(folder, "deep", "er"));
    expect(files).toContain("synod.db-wal");
    for (const name of files) expect(statSync(join(folder, "deep", "er", name)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
    expect(await database.read("SELECT due_time, :now AS now FROM upkeep")).toEqual([
      { due_time: clock.now(), now: clock.now() },
    ]);
  });

  it("writes ahead, waits for the disk, and keeps references", async () => {
    await using database = await open();
    const pragma = (name: string) => database.write(({ sql }) => sql(`PRAGMA ${name}`));
    expect(await pragma("journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(await pragma("synchronous")).toEqual([{ synchronous: 2 }]);
    expect(await pragma("foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  });

  it("rolls back what fails, and goes on", async () => {
    await using database = await open();
    const failing = database.write(async ({ sql }) => {
      await sql("INSERT INTO upkeep VALUES ('a', 1)");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await problemOf(database.write(({ sql }) => sql("INSERT INTO nowhere VALUES (1)")))).toBe(
      "defect",
    );
    await database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('b', 1)"));
    expect(await database.read("SELECT task FROM upkeep")).toEqual([{ task: "b" }]);
  });

  it("refuses a text that it would cut", async () => {
    await using database = await open();
    await expect(
      database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ($1, 1)", "a\0b")),
    ).rejects.toThrow("NUL");
  });

  it("waits for another process that writes, without holding up this one", async () => {
    await using database = await open();
    const other = new Library(file(), {});
    await other.exec("BEGIN IMMEDIATE");
    const writing = database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('a', 1)"));
    expect(await database.read("SELECT task FROM upkeep")).toEqual([]);
    await other.exec("COMMIT");
    await writing;
    expect(await database.read("SELECT task FROM upkeep")).toEqual([{ task: "a" }]);
    other.close();
  });

  it("is made anew when its file is removed while it is open", async () => {
    await using database = await open();
    await database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('a', 1)"));
    rmSync(join(folder, "deep"), { recursive: true });
    await database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('b', 1)"));
    expect(await database.read("SELECT task FROM upkeep")).toEqual([{ task: "b" }]);
    expect(statSync(file()).size).toBeGreaterThan(0);
  });

  it("says what is wrong with a file that is no database, and works once it is gone (F49)", async () => {
    await using database = await open();
    rmSync(join(folder, "deep", "er"), { recursive: true });
    const made = open();
    await (await made)[Symbol.asyncDispose]();
    rmSync(file());
    writeFileSync(file(), "This is a letter, not a database.".repeat(200));
    const failure = await open().catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "StorageError", problem: "broken", place: file() });
    expect(String(failure)).toContain(`${file()}: it is damaged or is no database of Synod. Move it away`);
    expect(await problemOf(database.read("SELECT 1 AS one"))).toBe("broken");
    rmSync(file());
    await database.write(({ sql }) => sql("INSERT INTO upkeep VALUES ('a', 1)"));
    expect(await database.read("SELECT task FROM upkeep")).toEqual([{ task: "a" }]);
  });

  it("says when its folder cannot be made", async () => {
    writeFileSync(join(folder, "deep"), "a file");
    expect(await problemOf(open())).toBe("denied");
  });

  it("keeps what is whole when a page is damaged (F48)", async () => {
    const tasks = Array.from({ length: 400 }, (_, i) => `${i} ${"x".repeat(2_000)}`);
    {
      await using database = await open();
      await database.write(async ({ sql }) => {
        for (const task of tasks) await sql("INSERT INTO upkeep VALUES ($1, 1)", task);
      });
    }
    const { size } = statSync(file());
    const damaged = Buffer.alloc(4_096, 0xff);
    const handle = openSync(file(), "r+");
    writeSync(handle, damaged, 0, damaged.length, Math.floor(size / 8_192) * 4_096);
    closeSync(handle);
    await using database = await open();
    const found = await Promise.all(
      tasks.map((task) => problemOf(database.read("SELECT due_time FROM upkeep WHERE task = $1", task))),
    );
    expect(found).toContain("broken");
    expect(found.filter((problem) => problem === "none").length).toBeGreaterThan(100);
    await database.write(({ sql }) => sql("INSERT INTO spend SELECT key_id, '', 0 FROM api_key"));
  });
});

describe("an error of the embedded database", () => {
  it("of a full disk is told", async () => {
    const library = new Library(join(folder, "small.db"), {});
    await library.exec("CREATE TABLE t (v text); PRAGMA max_page_count = 3");
    const full = await library
      .exec(`INSERT INTO t VALUES ('${"x".repeat(50_000)}')`)
      .catch((e: unknown) => e);
    expect(toSqliteError(full, "/x/synod.db")).toMatchObject({
      problem: "full",
      message: "/x/synod.db: the disk is full. Free some space (SQLITE_FULL).",
    });
    library.close();
  });

  it.each<[string, StorageProblem]>([
    ["SQLITE_READONLY_DBMOVED", "read_only"],
    ["SQLITE_IOERR_WRITE", "failing"],
    ["SQLITE_CORRUPT", "broken"],
    ["SQLITE_PERM", "denied"],
    ["SQLITE_BUSY_RECOVERY", "busy"],
    ["ENOSPC", "full"],
    ["EROFS", "read_only"],
    ["SQLITE_MISUSE", "defect"],
  ])("%s is %s", (code, problem) => {
    const error = toSqliteError(Object.assign(new Error("no"), { code }), "/x/synod.db");
    expect(error.problem).toBe(problem);
    expect(error.message).toContain("/x/synod.db: ");
    expect(error.cause).toBeInstanceOf(Error);
  });
});
