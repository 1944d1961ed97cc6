import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, findPostgres, startPostgres } from "@synod/testing";
import { createMetrics } from "@synod/telemetry";
import { describe, expect, it } from "vitest";
import { openStores } from "./open-stores.js";
import { StorageError } from "./storage-error.js";
import type { Stores } from "./stores.js";
import { createCollectedLog, sharedHouses } from "./testing/houses.js";
import { createManualClock } from "./testing/manual-clock.js";
import { doRun } from "./testing/run-events.js";

const history = { enabled: true, retentionDays: 30 };

function problemOf(stores: Stores): string {
  try {
    stores.checkWritable();
    return "none";
  } catch (error) {
    return error instanceof StorageError ? error.problem : String(error);
  }
}

it("refuses runs soon after the file is damaged, and takes them again without a restart (F49)", async () => {
  const [sqlite] = sharedHouses;
  if (sqlite === undefined) throw new Error("no house");
  await using house = await sqlite.build();
  const stores = await house.open();
  const file = join(house.place.dataDir, "synod.db");
  expect(stores.place).toBe(file);
  await doRun(stores.runs, { runId: "a" });
  await stores.runs.read("a");
  expect(problemOf(stores)).toBe("none");

  for (const name of readdirSync(house.place.dataDir)) rmSync(join(house.place.dataDir, name));
  writeFileSync(file, "This is a letter, not a database.".repeat(200));
  await eventually(
    () => {
      house.clock.advance(2_000);
      return problemOf(stores) === "broken";
    },
    { withinMs: 10_000 },
  );
  expect(() => stores.runs.begin({ runId: "b" })).toThrow(StorageError);
  await expect(stores.keys.create({ name: "x" })).rejects.toThrow(StorageError);

  rmSync(file);
  await eventually(
    () => {
      house.clock.advance(2_000);
      return problemOf(stores) === "none";
    },
    { withinMs: 10_000 },
  );
  await doRun(stores.runs, { runId: "c" });
  expect(await stores.runs.read("c")).toHaveLength(3);
  const [failed] = house.log.filter(({ level }) => level === "error");
  const said = house.log.map(({ msg }) => String(msg)).filter((msg) => msg.startsWith("storing"));
  expect(said).toEqual(["storing fails", "storing works again"]);
  expect(failed).toMatchObject({ place: file, problem: "broken" });
  expect(await house.metrics.text()).toMatch(/synod_storage_errors_total\{problem="broken".*\} 1/);
});

it("keeps no secret of a key in the file", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "synod-secrets-"));
  const { log, logger } = createCollectedLog();
  const metrics = createMetrics({ service: "test" });
  const stores = await openStores({ dataDir, history, logger, metrics });
  const { key, secret } = await stores.keys.create({ name: "CANARY-NAME" });
  expect(await stores.keys.find(secret)).toEqual(key);
  await stores[Symbol.asyncDispose]();
  const files = readdirSync(dataDir).map((name) => readFileSync(join(dataDir, name), "latin1"));
  expect(files.join("")).toContain("CANARY-NAME");
  for (const text of [...files, JSON.stringify(log)]) expect(text).not.toContain(secret.slice(26));
  rmSync(dataDir, { recursive: true });
});

describe.skipIf(findPostgres() === undefined)("while PostgreSQL is away", () => {
  it("runs are refused, and what answers have come to is stored once it is back (F49)", async () => {
    await using server = await startPostgres();
    const clock = createManualClock();
    const { log, logger } = createCollectedLog();
    const databaseUrl = await server.newDatabase();
    const metrics = createMetrics({ service: "test" });
    await using stores = await openStores({ dataDir: "", databaseUrl, history, logger, metrics, clock });
    const { key } = await stores.keys.create({ name: "team", limits: { usdNanosPerDay: 1_000 } });
    const reservation = await stores.budgets.reserve(key, 900);
    const held = { owner: "one", key: "k", runId: "r" };
    await stores.idempotency.claim({ ...held, requestHash: "h" });
    if (reservation?.type !== "reserved") throw new Error("not reserved");
    await doRun(stores.runs, { runId: "a" });

    await server.stop();
    await stores.budgets.settle(key, reservation, 800);
    await stores.budgets.settle(key, reservation, 800);
    await stores.idempotency.finish(held, { status: 200, type: "text/plain", body: "42" });
    expect(problemOf(stores)).toBe("unreachable");
    expect(() => stores.runs.begin({ runId: "b" })).toThrow(
      `127.0.0.1:${server.port}/test_1: it cannot be reached`,
    );
    await expect(stores.budgets.reserve(key, 1)).rejects.toThrow(StorageError);
    await expect(stores.runs.find("a")).rejects.toThrow(StorageError);

    await server.start();
    const isStored = async () =>
      (await stores.idempotency.claim({ ...held, requestHash: "h" })).type === "finished";
    let stored = false;
    await eventually(
      () => {
        clock.advance(2_000);
        void isStored().then(
          (is) => (stored ||= is),
          () => {},
        );
        return stored;
      },
      { withinMs: 20_000 },
    );
    expect(problemOf(stores)).toBe("none");
    expect(await stores.budgets.spending(key.keyId)).toEqual({
      dayUsdNanos: 800,
      monthUsdNanos: 800,
      reservedUsdNanos: 0,
    });
    expect(await stores.runs.read("a")).toHaveLength(3);
    expect(JSON.stringify(log)).not.toMatch(/CANARY|p%40ss|p@ss/);
    const said = log.map(({ msg }) => String(msg)).filter((msg) => msg.startsWith("storing"));
    expect(said).toEqual(["storing fails", "storing works again"]);
  }, 60_000);
});
