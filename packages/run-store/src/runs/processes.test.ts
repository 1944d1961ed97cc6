import { eventually } from "@synod/testing";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../database/open-database.js";
import { sharedHouses } from "../testing/houses.js";
import { deadline, doRun, ends, startRun } from "../testing/run-events.js";
import type { LoggedEvent, RunLog, RunStore } from "./run-store.js";

const never = (): AbortSignal => new AbortController().signal;
const leaseMs = 10_000;
const prepare = async (): Promise<void> => {};

async function typesOf(events: AsyncIterable<LoggedEvent>): Promise<string[]> {
  const types: string[] = [];
  for await (const { event } of events) types.push(event.type);
  return types;
}

const idsOf = async (runs: RunStore, status: "running" | "failed"): Promise<string[]> =>
  (await runs.list({ status, limit: 9 })).runs.map(({ runId }) => runId);

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`runs in ${kind.name}, of several processes`, () => {
    it("are failed when their process is dead, and go on when it was only slow (F46)", async () => {
      await using house = await kind.build();
      const dead = await house.open({ clock: house.clock.stopped() });
      const { runs } = await house.open();
      const log = await startRun(dead.runs, { runId: "a", durable: true, owner: "one", requestHash: "h" });
      const find = () => runs.findTwin({ owner: "one", requestHash: "h", withinMs: 600_000 });
      expect(await runs.find("a")).toMatchObject({ status: "running", incomplete: false });
      expect(await find()).toMatchObject({ runId: "a" });
      const tail = typesOf(runs.tail("a", { signal: never() }));
      house.clock.advance(leaseMs + 2_000);
      expect(await tail).toEqual(["run_started"]);
      expect(await runs.find("a")).toMatchObject({
        status: "failed",
        incomplete: true,
        finishTimeMs: undefined,
      });
      expect(await find()).toBeUndefined();
      expect(await idsOf(runs, "running")).toEqual([]);
      expect(await idsOf(runs, "failed")).toEqual(["a"]);
      expect(await runs.cancel("a")).toBe(false);
      // It has not been dead at all, and does not think so either.
      expect(await dead.runs.find("a")).toMatchObject({ status: "running" });
      await log.append(ends.completed);
      expect(await runs.find("a")).toMatchObject({ status: "completed", incomplete: false });
    });

    it("stay alive as long as their process says that it lives", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      await startRun(here.runs, { runId: "a", durable: true });
      const isRunning = async () => (await there.runs.find("a"))?.status === "running";
      for (let i = 0; i < 12; i++) {
        house.clock.advance(2_000);
        // A beat has begun, and may be written a moment later.
        await expect.poll(isRunning, { timeout: 10_000 }).toBe(true);
      }
    });

    it("are failed at once when their process ends without them", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      await startRun(here.runs, { runId: "a" });
      await here[Symbol.asyncDispose]();
      expect(await there.runs.find("a")).toMatchObject({ status: "failed", incomplete: true, events: 1 });
    });

    it("are followed from another process", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      const log = await startRun(here.runs, { runId: "a", durable: true });
      const events = there.runs.tail("a", { signal: never() })[Symbol.asyncIterator]();
      expect((await events.next()).value?.event.type).toBe("run_started");
      let seen: string | undefined;
      const next = events.next().then(({ value }) => (seen = value?.event.type));
      await log.append(deadline);
      await eventually(
        () => {
          house.clock.advance(50); // it looks again, where nobody tells it
          return seen !== undefined;
        },
        { withinMs: 10_000 },
      );
      await next;
      expect(seen).toBe("deadline_reached");
    });

    it("are ended from another process", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      const heard = (log: RunLog): Promise<void> =>
        eventually(
          () => {
            house.clock.advance(50); // it looks again, where nobody tells it
            return log.cancelled.aborted;
          },
          { withinMs: 10_000 },
        );
      const log = await startRun(here.runs, { runId: "a", owner: "one", durable: true });
      const other = await startRun(here.runs, { runId: "b", durable: true });
      expect(await there.runs.cancel("a", "two")).toBe(false);
      expect(await there.runs.cancel("a", "one")).toBe(true);
      await heard(log);
      expect(other.cancelled.aborted).toBe(false);
      await log.append(ends.cancelled);
      await other.append(ends.completed);
      const next = await startRun(here.runs, { runId: "c", durable: true });
      expect(await there.runs.cancel("c")).toBe(true);
      await heard(next);
    });

    it("are deleted by one of the processes when they are too old, with everything", async () => {
      await using house = await kind.build();
      const history = { enabled: true, retentionDays: 2 };
      const [here, there] = [await house.open({ history }), await house.open({ history })];
      const dayMs = 24 * 3_600_000;
      for (let i = 0; i < 250; i++) await doRun(here.runs, { runId: `old-${i}` });
      const held = { owner: "", key: "k", runId: "r" };
      await here.idempotency.claim({ ...held, requestHash: "h" });
      await here.idempotency.finish(held, { status: 200, type: "text/plain", body: "" });
      await here.runs.list({ limit: 1 });
      house.clock.advance(2 * dayMs - 3_600_000);
      await doRun(there.runs, { runId: "young" });
      expect((await there.runs.list({ limit: 500 })).runs).toHaveLength(251);
      const swept = () => house.log.filter(({ msg }) => msg === "old runs deleted");
      await eventually(
        () => {
          house.clock.advance(60_000);
          return swept().length > 0;
        },
        { withinMs: 20_000 },
      );
      expect(swept()).toMatchObject([{ runs: 250 }]);
      expect((await there.runs.list({ limit: 500 })).runs.map(({ runId }) => runId)).toEqual(["young"]);
      expect(await there.runs.read("old-7")).toEqual([]);
      expect(await there.idempotency.claim({ ...held, requestHash: "other" })).toEqual({ type: "new" });
    });

    it("that cannot be read are told, and keep no other from being read (F48)", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      await doRun(runs, { runId: "a" });
      await doRun(runs, { runId: "b" });
      await runs.read("b");
      {
        await using database = await openDatabase({
          ...house.place,
          clock: house.clock,
          now: undefined,
          prepare,
        });
        await database.write(({ sql }) =>
          sql(
            "UPDATE run_event SET event = $1 WHERE run_id = 'a' AND seq = 2",
            '{"runId":"a","seq":2,"callerL',
          ),
        );
      }
      await expect(runs.read("a")).rejects.toThrow(/something in it cannot be read\. .*\(run a\)/);
      expect((await runs.list({ limit: 9 })).runs).toHaveLength(2);
      expect(await runs.read("b")).toHaveLength(3);
    });

    it("are kept in memory alone when the history is off, while keys are stored", async () => {
      await using house = await kind.build();
      const history = { enabled: false, retentionDays: 30 };
      const [here, there] = [await house.open({ history }), await house.open({ history })];
      await doRun(here.runs, { runId: "a" });
      expect(await here.runs.read("a")).toHaveLength(3);
      expect(await there.runs.read("a")).toEqual([]);
      const { secret } = await here.keys.create({ name: "team" });
      expect(await there.keys.find(secret)).toMatchObject({ name: "team" });
    });
  });
}
