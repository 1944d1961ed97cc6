import { describe, expect, it } from "vitest";
import { deadline, ends, started, startRun } from "../testing/run-events.js";
import { createMemoryRunStore } from "./memory-run-store.js";
import { RunStoreFullError } from "./run-store.js";

const ids = async (store: ReturnType<typeof createMemoryRunStore>): Promise<string[]> =>
  (await store.list({ limit: 9 })).runs.map(({ runId }) => runId);

describe("createMemoryRunStore", () => {
  it("gives a copy: what is read does not change", async () => {
    const store = createMemoryRunStore();
    const log = await startRun(store, { runId: "a" });
    const before = await store.read("a");
    await log.append(deadline);
    expect(before).toHaveLength(1);
  });

  it("drops the runs that finished first when there are too many", async () => {
    const store = createMemoryRunStore({ maxRuns: 3 });
    const [a, b] = [await startRun(store, { runId: "a" }), await startRun(store, { runId: "b" })];
    await startRun(store, { runId: "c" });
    await b.append(ends.completed);
    await a.append(ends.completed);
    await startRun(store, { runId: "d" });
    expect((await ids(store)).toSorted()).toEqual(["a", "c", "d"]);
  });

  it("drops finished runs when there are too many events or too much text", async () => {
    const byEvents = createMemoryRunStore({ maxEvents: 4 });
    const a = await startRun(byEvents, { runId: "a" });
    await a.append(ends.completed);
    const b = await startRun(byEvents, { runId: "b" });
    await b.append(deadline);
    expect(await byEvents.read("a")).toHaveLength(2);
    await b.append(ends.completed);
    expect(await byEvents.read("a")).toEqual([]);
    expect(await byEvents.read("b")).toHaveLength(3);

    const byText = createMemoryRunStore({ maxText: 5_000 });
    const large = byText.begin({ runId: "a", request: "x".repeat(2_000) });
    await large.append(started("x".repeat(2_000)));
    await large.append(ends.completed);
    await byText.begin({ runId: "b" }).append(started("x".repeat(4_000)));
    expect(await ids(byText)).toEqual(["b"]);
  });

  it("never drops a run that goes on: it refuses a new one and has room again when one ends", async () => {
    const store = createMemoryRunStore({ maxRuns: 2 });
    const a = await startRun(store, { runId: "a" });
    await startRun(store, { runId: "b" });
    await expect(startRun(store, { runId: "c" })).rejects.toThrow(RunStoreFullError);
    expect((await ids(store)).toSorted()).toEqual(["a", "b"]);
    await a.append(ends.completed);
    await startRun(store, { runId: "c" });
    expect((await ids(store)).toSorted()).toEqual(["b", "c"]);
  });

  it("accepts the events of a run that goes on beyond every limit", async () => {
    const store = createMemoryRunStore({ maxEvents: 2, maxText: 1_000 });
    const log = await startRun(store, { runId: "a" });
    for (let i = 0; i < 5; i++) await log.append(deadline);
    await log.append(ends.completed);
    expect(await store.read("a")).toEqual([]);
  });
});
