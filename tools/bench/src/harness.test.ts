import { afterEach, describe, expect, it } from "vitest";
import { startWorker, type Worker, type WorkerName } from "./children/worker.js";
import { judge } from "./goals/judge.js";
import type { LoadPlan } from "./load/plan.js";
import { writeReport } from "./report.js";
import type { Cell } from "./rows/cell.js";
import { runBench } from "./run-bench.js";
import { modelOf } from "./upstream/behaviour.js";

// The child processes are the built ones: `nx test` builds first.
const workers: Worker[] = [];

async function start(name: WorkerName, ...args: string[]): Promise<Worker> {
  const worker = await startWorker(name, args);
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});

const model = modelOf({ waitMs: 0, tokens: 3, burst: 1, gapMs: 1 });
const ask = (stream: boolean): string => JSON.stringify({ model, stream, messages: [] });

function plan(url: string, body: string, changes: Partial<LoadPlan> = {}): LoadPlan {
  const pace = { atOnce: 2, overMs: 2 };
  return {
    url: `${url}/api/v1/chat/completions`,
    body,
    stream: false,
    expect: `42"`,
    count: 5,
    pace,
    ...changes,
  };
}

describe("the harness", () => {
  it("makes exactly the requests that were planned, directly and through the bare proxy", async () => {
    const [upstream, load] = await Promise.all([start("upstream"), start("load")]);
    const proxy = await start("bare-proxy", upstream.url);

    const direct = await load.ask("load", plan(upstream.url, ask(false)));
    expect(direct).toMatchObject({ failed: 0 });
    expect(direct.latenciesMs).toHaveLength(5);
    expect(await upstream.ask("counts", null)).toEqual({ received: 5, finished: 5, aborted: 0 });

    const streamed = await load.ask(
      "load",
      plan(proxy.url, ask(true), { stream: true, pace: { everyMs: 1 } }),
    );
    expect(streamed.failed).toBe(0);
    expect(streamed.firstTokensMs).toHaveLength(5);
    expect(await upstream.ask("counts", null)).toEqual({ received: 10, finished: 10, aborted: 0 });
  });

  it("counts a wrong answer as a failure and says which", async () => {
    const [upstream, load] = await Promise.all([start("upstream"), start("load")]);
    const unknown = await load.ask("load", plan(upstream.url, `{"model":"other"}`));
    expect(unknown.failed).toBe(5);
    expect(unknown.firstFailure).toContain("other is not a valid model ID");
    expect(await upstream.ask("counts", null)).toMatchObject({ received: 5 });
  });

  it("leaves the slow ones when enough are in", async () => {
    const [upstream, load] = await Promise.all([start("upstream"), start("load")]);
    const fanOut = await start("fan-out", upstream.url);
    const slow = (waitMs: number): string => modelOf({ waitMs, tokens: 1, burst: 1, gapMs: 0 });
    const body = JSON.stringify({ models: [slow(1), slow(1), slow(20_000)], needed: 2 });
    const result = await load.ask("load", plan(fanOut.url, body, { count: 1 }));
    expect(result.failed).toBe(0);
    await expect
      .poll(async () => await upstream.ask("counts", null), { timeout: 5_000 })
      .toEqual({ received: 3, finished: 2, aborted: 1 });
  });

  it("asks with one body after the other, and tells how the calls of voters ended", async () => {
    const [upstream, load] = await Promise.all([start("upstream"), start("load")]);
    const voter = (says: number, member: number): string =>
      modelOf({ waitMs: 1, tokens: 1, burst: 1, gapMs: 0, vote: { says, run: 4, member } });
    const models = [voter(42, 0), voter(42, 1)];
    const bodies = models.map((name) => JSON.stringify({ model: name, messages: [] }));
    const result = await load.ask("load", { ...plan(upstream.url, ""), body: bodies, count: 2 });
    expect(result.failed).toBe(0);
    const ends = await upstream.ask("voterEnds", null);
    expect(ends.map((end) => end.model).toSorted()).toEqual(models);
    expect(ends).toMatchObject([
      { run: 4, aborted: false },
      { run: 4, aborted: false },
    ]);
    expect(await upstream.ask("voterEnds", null)).toEqual([]);
  });

  it("measures a cell on what runs, and writes it down", async () => {
    const cell: Cell = {
      row: "pass-through",
      name: "small",
      floor: "bare proxy",
      bodies: { direct: ask(true), "bare proxy": ask(true), cluster: ask(true) },
      stream: true,
      count: 4,
      warmUp: 2,
      pace: { atOnce: 2 },
      upstreamCalls: 1,
      upstreamMs: 2,
      tokens: 3,
      goals: ["P4"],
    };
    const report = await runBench({
      size: { quick: true, peers: false, repeats: 3 },
      deployments: [],
      subjects: [],
      cells: [cell],
      signal: AbortSignal.timeout(30_000),
      onProgress: () => undefined,
    });
    expect(report.failures).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.lines.map(({ variant }) => variant)).toEqual(["direct", "bare proxy"]);
    for (const line of report.lines) expect(line.upstreamCalls).toEqual({ median: 1, min: 1, max: 1 });
    expect(judge(report).every(({ verdict }) => verdict === "not measured")).toBe(true);
    expect(writeReport(report)).toContain("| small | bare proxy |");
  });

  it("says what it had no time for", async () => {
    const report = await runBench({
      size: { quick: true, peers: false, repeats: 3 },
      deployments: [],
      subjects: ["bare proxy"],
      lastCellAfterMs: -1,
      signal: AbortSignal.timeout(30_000),
      onProgress: () => undefined,
    });
    expect(report.lines).toEqual([]);
    expect(report.failures).toHaveLength(9);
    expect(report.failures[0]).toContain("no time was left");
    expect(report.failures[7]).toContain("early stop");
    expect(report.failures[8]).toContain("open streams, bare proxy");
  });

  it("stops everything when it is told to", async () => {
    const stop = new AbortController();
    const bench = runBench({
      size: { quick: true, peers: false, repeats: 3 },
      deployments: [],
      subjects: [],
      signal: stop.signal,
      onProgress: (text) => text.startsWith("pass-through") && stop.abort(new Error("enough")),
    });
    await expect(bench).rejects.toThrow("enough");
  });
});
