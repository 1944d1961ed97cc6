import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../children/worker.js";
import { heldModelOf } from "../upstream/held.js";
import { measureStreams } from "./measure-streams.js";
import type { StreamsPlan } from "./plan.js";
import type { CrowdOptions } from "./start-subject.js";

// The child processes are the built ones: `nx test` builds first.
const plan: StreamsPlan = {
  few: 2,
  many: 8,
  steps: 2,
  perSecond: 200,
  windows: 1,
  windowMs: 100,
  warmUpMs: 0,
};
const stops: (() => Promise<void>)[] = [];
let folder = "";
let upstream: Worker;
let load: Worker;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "synod-streams-test-"));
  [upstream, load] = await Promise.all([startWorker("upstream"), startWorker("load")]);
  stops.push(upstream.stop, load.stop);
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await rm(folder, { recursive: true, force: true });
});

const options = (): CrowdOptions => ({ upstream, load, folder, onStarted: (stop) => void stops.push(stop) });

describe("measureStreams", () => {
  it.each(["bare proxy", "upstream side"] as const)(
    "opens what was planned and sees to it that all is heard: %s",
    async (subject) => {
      const sample = await measureStreams(subject, plan, options());
      expect(sample.memory.map(({ streams }) => streams)).toEqual([2, 5, 8]);
      for (const { rssBytes, heapBytes } of sample.memory) {
        expect(heapBytes).toBeGreaterThan(0);
        expect(rssBytes).toBeGreaterThan(heapBytes);
      }
      expect(sample.windows).toHaveLength(1);
      await expect
        .poll(async () => await upstream.ask("counts", null))
        .toEqual({ received: 10, finished: 10, aborted: 0 });
    },
    30_000,
  );

  it("fails when streams fail", async () => {
    await load.stop();
    await expect(measureStreams("bare proxy", plan, options())).rejects.toThrow();
  });
});

describe("held streams", () => {
  const url = (): string => `${upstream.url}/api/v1/chat/completions`;

  it("hear as much as the upstream says that it wrote, and end well", async () => {
    const held = await load.ask("hold", {
      group: "a",
      url: url(),
      model: heldModelOf("a"),
      count: 5,
      atOnce: 2,
    });
    expect(held).toEqual({ open: 5, events: 5, ended: 0, failed: 0 });
    await upstream.ask("play", { groups: ["a"], perSecond: 1_000 });
    await expect.poll(async () => (await load.ask("heard", "a")).events).toBeGreaterThan(15);
    const { a: written } = await upstream.ask("rest", null);
    await upstream.ask("release", "a");
    await expect
      .poll(async () => await load.ask("heard", "a"))
      .toEqual({ open: 0, events: written, ended: 5, failed: 0 });
  });

  it("are failures when they are refused", async () => {
    const held = await load.ask("hold", { group: "a", url: url(), model: "other", count: 1, atOnce: 1 });
    expect(held).toMatchObject({ open: 0, failed: 1 });
    expect(held.firstFailure).toContain("other is not a valid model ID");
  });
});
