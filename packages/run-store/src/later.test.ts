import { expect, it } from "vitest";
import { createMetrics } from "@synod/telemetry";
import { createStoreEvents } from "./events.js";
import { Later } from "./later.js";
import { StorageError } from "./storage-error.js";
import { createCollectedLog } from "./testing/houses.js";

/** A lease that beats when it is told to. */
function createHouse() {
  const { log, logger } = createCollectedLog();
  const events = createStoreEvents(logger, createMetrics({ service: "test" }));
  let beat = (): Promise<void> => Promise.resolve();
  const later = new Later({ onBeat: (task: () => Promise<void>) => void (beat = task) }, events);
  return { later, beat: () => beat(), lost: () => log.map(({ what }) => what) };
}

const away = () => Promise.reject(new StorageError("unreachable", "db", ""));

it("does it now, and once", async () => {
  const { later, beat } = createHouse();
  let done = 0;
  await later.do("a thing", async () => void done++);
  await beat();
  expect(done).toBe(1);
});

it("does it when the database is back, in order", async () => {
  const { later, beat, lost } = createHouse();
  const done: string[] = [];
  let isAway = true;
  const task = (name: string) => () => (isAway ? away() : Promise.resolve(void done.push(name)));
  await later.do("first", task("first"));
  await later.do("second", task("second"));
  await beat();
  expect(done).toEqual([]);
  isAway = false;
  await beat();
  await beat();
  expect(done).toEqual(["first", "second"]);
  expect(lost()).toEqual([]);
});

it("gives up what can never be stored, and what is left at the end", async () => {
  const { later, beat, lost } = createHouse();
  await later.do("a bad thing", () => Promise.reject(new TypeError("no")));
  await later.do("a late thing", away);
  await beat();
  expect(lost()).toEqual(["a bad thing"]);
  await later.end();
  expect(lost()).toEqual(["a bad thing", "a late thing"]);
});
