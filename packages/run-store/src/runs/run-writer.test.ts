import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMetrics } from "@synod/telemetry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../database/migrate.js";
import { openSqlite } from "../database/sqlite/sqlite-database.js";
import { watchWrites } from "../database/watch-writes.js";
import { createStoreEvents } from "../events.js";
import { ProcessLease } from "../process/process-lease.js";
import { StorageError } from "../storage-error.js";
import { createCollectedLog } from "../testing/houses.js";
import { createManualClock } from "../testing/manual-clock.js";
import { deadline, doRun, ends, started, startRun } from "../testing/run-events.js";
import { switched } from "../testing/switched-database.js";
import { RunWriter, type WriterLimits } from "./run-writer.js";
import { SqlRunStore } from "./sql-run-store.js";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "synod-writer-"));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

/** A run log over a database with a switch. */
async function openLog(limits?: WriterLimits) {
  const clock = createManualClock();
  const { log, logger } = createCollectedLog();
  const metrics = createMetrics({ service: "test" });
  const events = createStoreEvents(logger, metrics);
  const database = switched(await openSqlite({ file: join(dataDir, "synod.db"), clock, prepare: migrate }));
  const watched = watchWrites(database, events);
  const lease = await ProcessLease.start({ database: watched, clock: clock.stopped(), events });
  const { processId } = lease;
  const writer = new RunWriter({ database: watched, processId, clock, events, now: clock.now }, limits);
  const runs = new SqlRunStore({ database: watched, lease, writer });
  database.writes = 0;
  return {
    clock,
    database,
    writer,
    runs,
    /** Lets the longest pause between two attempts pass. */
    async settle() {
      clock.advance(5_000);
      await writer.flush();
    },
    /** What is stored of a run, past the writer. */
    async stored(runId: string) {
      const [run] = await database.read("SELECT status, last_seq FROM run WHERE run_id = $1", runId);
      const rows = await database.read("SELECT seq FROM run_event WHERE run_id = $1 ORDER BY seq", runId);
      return run && { ...run, seqs: rows.map(({ seq }) => seq) };
    },
    messages: () => log.map(({ msg }) => msg),
    dropped: () => log.filter(({ msg }) => msg === "run not kept"),
    metric: async (name: string) =>
      (await metrics.text()).split("\n").filter((line) => line.startsWith(name)),
    async [Symbol.asyncDispose]() {
      await writer[Symbol.asyncDispose]();
      await lease[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

describe("runs that are not durable", () => {
  it("are stored together 100 ms later, in one transaction", async () => {
    await using house = await openLog();
    for (const runId of ["a", "b", "c"]) await doRun(house.runs, { runId });
    house.clock.advance(99);
    expect(house.database.writes).toBe(0);
    house.clock.advance(1);
    await house.writer.flush();
    expect(house.database.writes).toBe(1);
    for (const runId of ["a", "b", "c"]) {
      expect(await house.stored(runId)).toEqual({ status: "completed", last_seq: 3, seqs: [1, 2, 3] });
    }
  });

  it("wait for nobody while the database hangs", async () => {
    await using house = await openLog();
    let release = (): void => {};
    const hanging = house.database.write(() => new Promise<void>((resolve) => (release = resolve)));
    await doRun(house.runs, { runId: "a" });
    house.clock.advance(100);
    await doRun(house.runs, { runId: "b" });
    expect(await house.stored("a")).toBeUndefined();
    release();
    await hanging;
    expect(await house.runs.read("b")).toHaveLength(3);
    expect(await house.stored("a")).toMatchObject({ seqs: [1, 2, 3] });
  });

  it("wait for better times while storing fails, and lose nothing", async () => {
    await using house = await openLog();
    const log = await startRun(house.runs, { runId: "a" });
    await house.writer.flush();
    house.database.mode = "fails";
    await log.append(deadline);
    await house.writer.flush();
    await log.append(ends.completed);
    for (let i = 0; i < 12; i++) await house.settle();
    expect(await house.stored("a")).toEqual({ status: "active", last_seq: 1, seqs: [1] });
    house.database.mode = "works";
    await house.settle();
    expect(await house.stored("a")).toEqual({ status: "completed", last_seq: 3, seqs: [1, 2, 3] });
    expect(house.messages()).toEqual(["storing fails", "storing works again"]);
  });

  it("are stored once though nobody heard that they were", async () => {
    await using house = await openLog();
    house.database.mode = "breaks";
    await doRun(house.runs, { runId: "a" });
    await house.writer.flush();
    expect(await house.stored("a")).toMatchObject({ seqs: [1, 2, 3] });
    house.database.mode = "works";
    await house.settle();
    expect(await house.stored("a")).toEqual({ status: "completed", last_seq: 3, seqs: [1, 2, 3] });
  });

  it("are dropped when too many wait: the newest, whole or marked, and reported", async () => {
    await using house = await openLog({ maxEvents: 4 });
    const old = await startRun(house.runs, { runId: "old" });
    await house.writer.flush();
    const older = house.runs.begin({ runId: "older" });
    const newest = house.runs.begin({ runId: "newest" });
    house.database.mode = "fails";
    await older.append(started());
    await older.append(deadline);
    await older.append(ends.completed);
    await old.append(deadline);
    await newest.append(started());
    await newest.append(ends.completed);
    await old.append(ends.completed);
    house.database.mode = "works";
    await house.settle();
    expect(await house.stored("older")).toEqual({ status: "completed", last_seq: 3, seqs: [1, 2, 3] });
    expect(await house.stored("old")).toEqual({ status: "incomplete", last_seq: 2, seqs: [1, 2] });
    expect(await house.stored("newest")).toBeUndefined();
    expect(await house.runs.find("old")).toMatchObject({ status: "failed", incomplete: true, events: 2 });
    expect(house.dropped()).toMatchObject([
      { run_id: "newest", reason: "full" },
      { run_id: "old", reason: "full" },
    ]);
    expect(await house.metric("synod_history_dropped_runs_total")).toEqual([
      expect.stringMatching(/reason="full".* 2$/),
    ]);
    await doRun(house.runs, { runId: "next" });
    expect(await house.runs.read("next")).toHaveLength(3);
  });

  it("are dropped when their texts are too long to wait", async () => {
    await using house = await openLog({ maxText: 1_000 });
    const log = house.runs.begin({ runId: "a", request: "x".repeat(600) });
    await log.append(started("x".repeat(600)));
    await doRun(house.runs, { runId: "b" });
    await house.writer.flush();
    expect(await house.stored("a")).toBeUndefined();
    expect(await house.stored("b")).toMatchObject({ status: "completed" });
  });

  it("keep no other from being stored when one of them cannot be", async () => {
    await using house = await openLog();
    const bad = house.runs.begin({ runId: "bad" });
    await doRun(house.runs, { runId: "a" });
    await bad.append(started());
    const failure = { reason: "internal", message: "", retryable: false } as const;
    const voter = { member: 0, sample: 1 };
    await bad.append({ type: "member_failed", round: 1, voter, failure, usage: null, latencyMs: Number.NaN });
    await bad.append(ends.completed);
    await doRun(house.runs, { runId: "b" });
    await house.writer.flush();
    for (const runId of ["a", "b"]) expect(await house.stored(runId)).toMatchObject({ status: "completed" });
    expect(await house.stored("bad")).toBeUndefined();
    expect(house.dropped()).toMatchObject([{ run_id: "bad", reason: "refused" }]);
  });

  it("are stored before the end", async () => {
    const house = await openLog();
    await doRun(house.runs, { runId: "a" });
    await house.writer[Symbol.asyncDispose]();
    expect(await house.stored("a")).toMatchObject({ status: "completed", seqs: [1, 2, 3] });
    await house[Symbol.asyncDispose]();
  });

  it("are reported when the end comes while storing fails", async () => {
    const house = await openLog();
    await doRun(house.runs, { runId: "a" });
    house.database.mode = "fails";
    await house.writer[Symbol.asyncDispose]();
    expect(house.dropped()).toMatchObject([{ run_id: "a", reason: "stopping" }]);
    house.database.mode = "works";
    await house.database[Symbol.asyncDispose]();
  });
});

describe("durable runs", () => {
  const durable = true;

  it("are stored before their events count", async () => {
    await using house = await openLog();
    const log = await startRun(house.runs, { runId: "a", durable });
    expect(await house.stored("a")).toEqual({ status: "active", last_seq: 1, seqs: [1] });
    await log.append(deadline);
    expect(await house.stored("a")).toEqual({ status: "active", last_seq: 2, seqs: [1, 2] });
  });

  it("share transactions, and do not wait for the others' 100 ms", async () => {
    await using house = await openLog();
    await doRun(house.runs, { runId: "behind" });
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => startRun(house.runs, { runId: `run-${i}`, durable })),
    );
    expect(house.database.writes).toBeLessThanOrEqual(2);
    expect(await house.stored("behind")).toMatchObject({ status: "completed" });
  });

  it("must not begin when they cannot be stored (F49)", async () => {
    await using house = await openLog();
    house.database.mode = "fails";
    await expect(startRun(house.runs, { runId: "a", durable })).rejects.toThrow(StorageError);
    expect(() => house.runs.begin({ runId: "b" })).toThrow(/synod\.db: the disk is full\. Free some space/);
    house.database.mode = "works";
    await house.settle();
    const log = house.runs.begin({ runId: "c", durable });
    await log.append(started());
    expect(await house.stored("a")).toBeUndefined();
    expect(await house.stored("c")).toMatchObject({ seqs: [1] });
  });

  it.each(["fails", "breaks"] as const)("go on without a gap after storing an event %s", async (mode) => {
    await using house = await openLog();
    const log = await startRun(house.runs, { runId: "a", durable });
    house.database.mode = mode;
    await expect(log.append(deadline)).rejects.toThrow(StorageError);
    house.database.mode = "works";
    const { seq } = await log.append(ends.failed);
    const seqs = mode === "fails" ? [1, 2] : [1, 2, 3];
    expect(seq).toBe(seqs.length);
    expect(await house.stored("a")).toEqual({ status: "failed", last_seq: seqs.length, seqs });
  });

  it.each(["fails", "breaks"] as const)("keep their answer when storing their end %s", async (mode) => {
    await using house = await openLog();
    const log = await startRun(house.runs, { runId: "a", durable });
    house.database.mode = mode;
    expect(await log.append(ends.completed)).toMatchObject({ seq: 2, event: ends.completed });
    house.database.mode = "works";
    await house.settle();
    expect(await house.stored("a")).toEqual({ status: "completed", last_seq: 2, seqs: [1, 2] });
  });

  it("are no run that goes on for ever when nobody heard that their first event was stored", async () => {
    await using house = await openLog();
    house.database.mode = "breaks";
    await expect(startRun(house.runs, { runId: "a", durable })).rejects.toThrow(StorageError);
    house.database.mode = "works";
    await house.settle();
    expect(await house.runs.find("a")).toMatchObject({ status: "failed", incomplete: true });
  });

  it("are refused at once while many others wait to be stored", async () => {
    await using house = await openLog();
    const log = await startRun(house.runs, { runId: "a", durable });
    for (let i = 0; i < 400; i++) await doRun(house.runs, { runId: `behind-${i}` });
    house.database.mode = "fails";
    await expect(log.append(deadline)).rejects.toThrow(StorageError);
    house.database.mode = "works";
    await log.append(ends.failed);
    expect(await house.stored("a")).toMatchObject({ status: "failed" });
    await house.writer.flush();
    expect((await house.runs.list({ limit: 1_000 })).runs).toHaveLength(401);
  });
});
