import { recordOf, type RunEvent } from "@synod/consensus";
import { failureOf } from "@synod/rpc";
import { createMemoryRunStore, type RunStore, StorageError } from "@synod/run-store";
import { describe, expect, it } from "vitest";
import { requestOf, startRunner, synthesis } from "../testing/runner.js";
import { says } from "../testing/script.js";

/** A store that does not take events of a type. */
function brokenStore(
  type: RunEvent["type"] | "all but run_started",
  error: Error = new Error("the disk is full"),
): RunStore {
  const store = createMemoryRunStore();
  const begin = store.begin.bind(store);
  store.begin = (run) => {
    const log = begin(run);
    const append = (event: RunEvent) => {
      const breaks = type === "all but run_started" ? event.type !== "run_started" : event.type === type;
      return breaks ? Promise.reject(error) : log.append(event);
    };
    return { ...log, append };
  };
  return store;
}

describe("a run that breaks", () => {
  it("ends as failed, in the log too", async () => {
    const store = brokenStore("round_ended");
    await using house = startRunner({}, { store });
    const run = await house.runner.run(requestOf());
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "internal", retryable: false } });
    expect(JSON.stringify(run.record)).not.toContain("disk");
    expect((await store.list({ limit: 9 })).runs).toMatchObject([{ runId: run.runId, status: "failed" }]);
    const log = (await store.read(run.runId)).map(({ event }) => event);
    expect(log.at(-1)).toEqual({ type: "run_finished", result: run.result });
    expect(recordOf(log)).toEqual(run.record);
    expect(house.ledger.paid).toBe(3);
  });

  it("says what broke it when the log takes nothing more", async () => {
    await using house = startRunner({}, { store: brokenStore("all but run_started") });
    await expect(house.runner.run(requestOf())).rejects.toThrow("the disk is full");
    expect(house.ledger.paid).toBe(0);
  });
});

describe("a run that cannot be kept (F49)", () => {
  const full = new StorageError("full", "/CANARY/synod.db", "SQLITE_FULL");

  it("is refused before anything is asked", async () => {
    const store = createMemoryRunStore();
    store.begin = () => {
      throw full;
    };
    const durable = brokenStore("run_started", full);
    for (const each of [store, durable]) {
      await using house = startRunner({}, { store: each });
      const refused = await house.runner.run(requestOf()).catch(failureOf);
      expect(refused).toMatchObject({ reason: "storage_unavailable", retryable: true, retryAfterMs: 5_000 });
      expect(JSON.stringify(refused)).not.toContain("CANARY");
      expect(house.ledger.paid).toBe(0);
    }
  });

  it("fails with that when it has begun", async () => {
    await using house = startRunner({}, { store: brokenStore("round_ended", full) });
    const run = await house.runner.run(requestOf());
    expect(run.result).toMatchObject({ status: "failed", failure: { reason: "storage_unavailable" } });
    expect(house.ledger.paid).toBe(3);
  });
});

describe("an observer that throws", () => {
  it("does not end a run that is paid for", async () => {
    await using house = startRunner({ aggregate: () => says("It ", "is 42.") });
    const fail = (): never => {
      throw new Error("nobody listens");
    };
    for (const text of [fail, () => Promise.reject(new Error("nobody listens"))]) {
      const run = await house.runner.run(requestOf({ aggregation: synthesis }), { event: fail, text });
      expect(run.result).toEqual({ status: "completed", answer: "It is 42.", stopped: "complete" });
    }
    expect(house.ledger.paid).toBe(8);
  });
});
