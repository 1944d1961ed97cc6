import { describe, expect, it } from "vitest";
import { judge } from "./goals.js";
import { lineOf, type Repeat } from "./lines.js";
import { passThroughCells } from "./rows/pass-through.js";
import type { VariantName } from "./rows/cell.js";
import type { Sample } from "./sample.js";

const [cell] = passThroughCells({ quick: true, repeats: 3 });
if (cell === undefined) throw new Error("There is no cell.");

function sample(p50: number, cpu: number | null): Sample {
  const rest = { p99: p50 * 2, firstToken: null, perSecond: 1, peak: 1, upstreamCalls: 1 };
  return { ...rest, p50, cpu, clientCpu: 0.1, upstreamCpu: 0.1 };
}

function repeat(direct: number, proxy: number, allInOne: number, cluster: number): Repeat {
  return new Map<VariantName, Sample>([
    ["direct", sample(direct, null)],
    ["bare proxy", sample(proxy, 0.1)],
    ["all-in-one", sample(allInOne, 0.2)],
    ["cluster", sample(cluster, 1.7)],
  ]);
}

// The machine is twice as slow in the second repeat: ratios within a repeat do not notice.
const repeats = [repeat(1, 1.5, 1.9, 4), repeat(2, 3, 3.8, 8), repeat(1, 1.5, 1.9, 4)];
const names: readonly VariantName[] = ["direct", "bare proxy", "all-in-one", "cluster"];
const lines = names.map((name) => lineOf(cell, name, repeats));
const line = (name: VariantName) => lines.find(({ variant }) => variant === name);

describe("lineOf", () => {
  it("compares within each repeat", () => {
    expect(line("all-in-one")?.addedP50Ratio?.min).toBeCloseTo(1.8);
    expect(line("all-in-one")?.addedP50Ratio?.max).toBeCloseTo(1.8);
    expect(line("all-in-one")?.addedP50).toMatchObject({
      min: expect.closeTo(0.9),
      max: expect.closeTo(1.8),
    });
    expect(line("all-in-one")?.cpuRatio?.median).toBeCloseTo(2);
    expect(line("cluster")?.cpuOverAllInOne?.median).toBeCloseTo(1.5);
  });

  it("says nothing where nothing can be said", () => {
    expect(line("direct")).toMatchObject({ addedP50: null, addedP50Ratio: null, cpu: null, cpuRatio: null });
    expect(line("bare proxy")).toMatchObject({ addedP50Ratio: null, cpuRatio: null });
    expect(line("all-in-one")?.firstToken).toBeNull();
  });

  it("does not divide by a floor that adds nothing", () => {
    const flat = lineOf(cell, "all-in-one", [repeat(1, 1.001, 1.9, 4)]);
    expect(flat.addedP50Ratio).toBeNull();
    expect(flat.addedP50?.median).toBeCloseTo(0.9);
  });
});

describe("judge", () => {
  it("holds each goal against the median", () => {
    expect(judge(lines).map(({ goal, verdict }) => `${goal} ${verdict}`)).toEqual([
      "P1 met",
      "P2 met",
      "P9 missed",
    ]);
  });

  it("does not call a goal met that was not measured", () => {
    const verdicts = judge(lines.filter(({ variant }) => variant !== "cluster")).map(
      ({ verdict }) => verdict,
    );
    expect(verdicts).toEqual(["met", "met", "not measured"]);
  });
});
