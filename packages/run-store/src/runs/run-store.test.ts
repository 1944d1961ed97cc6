import { describe, expect, it } from "vitest";
import { houses } from "../testing/houses.js";
import { deadline, doRun, ends, started, startRun } from "../testing/run-events.js";
import { CursorError, type LoggedEvent, type RunQuery, RunLogError, type RunStore } from "./run-store.js";

const never = new AbortController().signal;

async function idsOf(runs: RunStore, query: Partial<RunQuery> = {}): Promise<string[]> {
  return (await runs.list({ limit: 100, ...query })).runs.map(({ runId }) => runId);
}

async function collect(events: AsyncIterable<LoggedEvent>): Promise<(string | number)[]> {
  const seen: (string | number)[] = [];
  for await (const { seq, event } of events) seen.push(seq, event.type);
  return seen;
}

for (const kind of houses) {
  describe.skipIf(!kind.available)(`runs in ${kind.name}`, () => {
    it.each([false, true])("numbers the events of each run from 1 (durable: %s)", async (durable) => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const [a, b] = [runs.begin({ runId: "a", durable }), runs.begin({ runId: "b", durable })];
      await a.append(started("first"));
      await b.append(started());
      house.clock.advance(5);
      expect(await a.append(deadline)).toEqual({ seq: 2, timeMs: house.clock.now(), event: deadline });
      const log = await runs.read("a");
      expect(log.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(log.map(({ event }) => event)).toEqual([started("first"), deadline]);
      expect(await runs.read("b")).toHaveLength(1);
      expect(await runs.read("c")).toEqual([]);
    });

    it.each([false, true])("refuses events out of place (durable: %s)", async (durable) => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const log = runs.begin({ runId: "a", durable });
      await expect(log.append(deadline)).rejects.toThrow(RunLogError);
      await log.append(started());
      await expect(log.append(started())).rejects.toThrow(RunLogError);
      await log.append(ends.completed);
      await expect(log.append(deadline)).rejects.toThrow(RunLogError);
      expect(await runs.read("a")).toHaveLength(2);
    });

    it("keeps texts as they are: NUL, quotes, backslashes, control characters", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const text = "a\0b \" ' \\ \\ud800 $1 ? :now \u202e\u001b[31m 日本 \u{1f600}\r\n";
      const log = runs.begin({ runId: "a", request: JSON.stringify({ text }) });
      await log.append(started(text));
      const run = await runs.find("a");
      expect(run?.log[0]?.event).toEqual(started(text));
      expect(JSON.parse(run?.request ?? "")).toEqual({ text });
    });

    it("knows everything of a run, and shows it to its owner alone", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const run = {
        runId: "a",
        owner: "key-1",
        idempotencyKey: "once",
        request: '{"model":"x"}',
        requestHash: "h",
      };
      const log = await startRun(runs, run, "broad");
      const startTimeMs = house.clock.now();
      const summary = { runId: "a", owner: "key-1", preset: "broad", idempotencyKey: "once", startTimeMs };
      expect(await runs.find("a", "key-1")).toMatchObject({
        ...summary,
        status: "running",
        incomplete: false,
        finishTimeMs: undefined,
        events: 1,
        request: '{"model":"x"}',
      });
      house.clock.advance(250);
      await log.append(ends.completed);
      const found = await runs.find("a");
      expect(found).toMatchObject({ ...summary, status: "completed", events: 2 });
      expect(found?.finishTimeMs).toBe(startTimeMs + 250);
      expect(found?.log.map(({ event }) => event.type)).toEqual(["run_started", "run_finished"]);
      const { log: _log, request: _request, ...about } = found ?? {};
      expect(await runs.about("a", "key-1")).toEqual(about);
      for (const look of [runs.find.bind(runs), runs.about.bind(runs)]) {
        expect(await look("a", "key-2")).toBeUndefined();
        expect(await look("b")).toBeUndefined();
      }
    });

    it("lists the newest first, page by page", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      for (let i = 0; i < 7; i++) {
        // Two each begin in the same millisecond.
        if (i % 2 === 0) house.clock.advance(1);
        await doRun(runs, { runId: `run-${i}` });
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await runs.list({ limit: 3, cursor });
        seen.push(...page.runs.map(({ runId }) => runId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `run-${i}`));
      expect((await runs.list({ limit: 7 })).nextCursor).toBeUndefined();
      for (const bad of ["", "x", Buffer.from("1.").toString("base64url")]) {
        await expect(runs.list({ limit: 1, cursor: bad })).rejects.toThrow(CursorError);
      }
    });

    it("chooses by owner, status, preset and time", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const begin = house.clock.now();
      await doRun(runs, { runId: "a", owner: "one" }, "completed", "fast");
      house.clock.advance(1_000);
      await doRun(runs, { runId: "b", owner: "two" }, "failed");
      house.clock.advance(1_000);
      await doRun(runs, { runId: "c", owner: "one" }, "cancelled");
      await startRun(runs, { runId: "d", owner: "one" });
      expect(await idsOf(runs, { owner: "one" })).toEqual(["d", "c", "a"]);
      expect(await idsOf(runs, { owner: "" })).toEqual([]);
      expect(await idsOf(runs, { preset: "fast" })).toEqual(["a"]);
      expect(await idsOf(runs, { since: begin + 1_000, before: begin + 2_000 })).toEqual(["b"]);
      const statuses = ["running", "completed", "failed", "cancelled"] as const;
      const byStatus = await Promise.all(statuses.map((status) => idsOf(runs, { status })));
      expect(byStatus).toEqual([["d"], ["a"], ["b"], ["c"]]);
      expect(await idsOf(runs, { owner: "one", status: "running", preset: "default" })).toEqual(["d"]);
    });

    it("gives the events of a run as they come, from any of them", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const log = await startRun(runs, { runId: "a", durable: true });
      const all = collect(runs.tail("a", { signal: never }));
      const later = collect(runs.tail("a", { after: 1, signal: never }));
      await log.append(deadline);
      await log.append(ends.completed);
      const expected = [1, "run_started", 2, "deadline_reached", 3, "run_finished"];
      expect(await all).toEqual(expected);
      expect(await later).toEqual(expected.slice(2));
      expect(await collect(runs.tail("a", { after: 3, signal: never }))).toEqual([]);
      expect(await collect(runs.tail("unknown", { signal: never }))).toEqual([]);
    });

    it("stops giving events when its reader leaves", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      await startRun(runs, { runId: "a", durable: true });
      const reader = new AbortController();
      const events = runs.tail("a", { signal: reader.signal })[Symbol.asyncIterator]();
      expect((await events.next()).value).toMatchObject({ seq: 1 });
      const next = events.next();
      reader.abort(new Error("left"));
      await expect(next).rejects.toThrow("left");
    });

    it("gives more events than are read at once", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const log = await startRun(runs, { runId: "a" });
      for (let i = 0; i < 249; i++) await log.append(deadline);
      await log.append(ends.completed);
      const seen = await collect(runs.tail("a", { signal: never }));
      expect(seen.filter((value) => typeof value === "number")).toEqual(
        Array.from({ length: 251 }, (_, index) => index + 1),
      );
    });

    it("finds the run for the same request that goes on or ended well (F30)", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const find = async (owner = "one", requestHash = "h"): Promise<string | undefined> =>
        (await runs.findTwin({ owner, requestHash, withinMs: 600_000 }))?.runId;
      expect(await find()).toBeUndefined();
      await doRun(runs, { runId: "a", owner: "one", requestHash: "h" }, "failed");
      expect(await find()).toBeUndefined();
      house.clock.advance(1);
      const log = await startRun(runs, { runId: "b", owner: "one", requestHash: "h" });
      expect(await find()).toBe("b");
      await log.append(ends.completed);
      expect(await find()).toBe("b");
      expect(await find("two")).toBeUndefined();
      expect(await find("one", "other")).toBeUndefined();
      house.clock.advance(600_000);
      expect(await find()).toBeUndefined();
    });

    it("asks for the end of a run that goes on", async () => {
      await using house = await kind.build();
      const { runs } = await house.open();
      const log = await startRun(runs, { runId: "a", owner: "one" });
      expect(await runs.cancel("a", "two")).toBe(false);
      expect(log.cancelled.aborted).toBe(false);
      expect(await runs.cancel("a", "one")).toBe(true);
      expect(log.cancelled.aborted).toBe(true);
      await log.append(ends.cancelled);
      expect(await runs.cancel("a")).toBe(false);
      expect(await runs.cancel("unknown")).toBe(false);
    });
  });
}
