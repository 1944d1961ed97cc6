import { describe, expect, it } from "vitest";
import { lineOf } from "../lines.js";
import { passThroughCells } from "../rows/pass-through.js";
import type { StreamsLine } from "../streams/streams-line.js";
import { lines, repeat } from "../testing/repeats.js";
import { judge, notMeasured } from "./judge.js";

const exactly = (value: number) => ({ median: value, min: value, max: value });
const open: StreamsLine = {
  subject: "all-in-one",
  few: 1_000,
  many: 8_000,
  rssKb: exactly(40),
  heapKb: exactly(20),
  fewCpuUs: exactly(100),
  manyCpuUs: exactly(130),
  cpuRatio: exactly(1.3),
  perSecond: exactly(2_000),
};
const said = (found: Parameters<typeof judge>[0]) =>
  judge(found).map(({ goal, what, verdict }) => `${goal} ${what.split(":")[0]}: ${verdict}`);

describe("judge", () => {
  it("holds each goal against the median", () => {
    expect(said({ lines, streams: [], earlyStops: [] })).toEqual([
      "P1 all-in-one: met",
      "P2 all-in-one: met",
      "P9 cluster: missed",
    ]);
  });

  it("does not call a goal met that was not measured", () => {
    const alone = lines.filter(({ variant }) => variant !== "cluster");
    expect(said({ lines: alone, streams: [], earlyStops: [] })).toEqual([
      "P1 all-in-one: met",
      "P2 all-in-one: met",
      "P9 cluster: not measured",
    ]);
  });

  it("knows goals that must be reached from goals that must not be exceeded", () => {
    const cells = passThroughCells({ quick: true, peers: true, repeats: 3 });
    const saturated = cells.find(({ goals }) => goals.includes("P3 requests"));
    if (saturated === undefined) throw new Error("There is no such cell.");
    const measured = (["all-in-one", "cluster"] as const).map((name) => lineOf(saturated, name, [repeat(1)]));
    expect(judge({ lines: measured, streams: [], earlyStops: [] })).toMatchObject([
      { goal: "P3", bound: "at least", limit: 5, measured: { median: 6 }, verdict: "met" },
      { goal: "P3", bound: "at least", limit: 1.5, measured: { median: 1.4 }, verdict: "missed" },
    ]);
  });

  it("judges memory by what is resident, and CPU by many over few", () => {
    expect(judge({ lines: [], streams: [open], earlyStops: [] })).toMatchObject([
      { goal: "P7", where: "1000 to 8000 streams", unit: "kB", verdict: "met" },
      { goal: "P8", where: "1000 to 8000 streams", unit: "x", verdict: "missed" },
    ]);
    expect(
      said({ lines: [], streams: [{ ...open, subject: "cluster", cpuRatio: null }], earlyStops: [] }),
    ).toEqual(["P7 cluster: met"]);
    expect(said({ lines: [], streams: [{ ...open, subject: "bare proxy" }], earlyStops: [] })).toEqual([]);
  });

  it("holds early stops against the ideal, and against how fast the others are left", () => {
    const line = {
      deployment: "cluster",
      questions: 72,
      overIdeal: exactly(1.04),
      overAll: exactly(0.66),
      idealOverAll: 0.65,
      closedMs: exactly(60),
      left: exactly(0.2),
    } as const;
    expect(judge({ lines: [], streams: [], earlyStops: [line] })).toMatchObject([
      { goal: "P6", where: "early stop, 72 questions", limit: 1.05, verdict: "met" },
      { goal: "P6", unit: "ms", limit: 50, verdict: "missed" },
    ]);
  });

  it("asks nothing of peers where there are none", () => {
    const goalsOf = (peers: boolean) =>
      passThroughCells({ quick: false, peers, repeats: 3 }).flatMap(({ goals }) => goals);
    expect(goalsOf(false).filter((name) => name.startsWith("P3") || name === "P4 peer")).toEqual([]);
    expect(new Set(goalsOf(true))).toContain("P4 peer");
    expect(notMeasured(false).join()).toContain("P3");
    expect(notMeasured(true).join()).not.toContain("P3");
  });
});
