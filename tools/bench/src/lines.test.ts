import { describe, expect, it } from "vitest";
import { lineOf } from "./lines.js";
import { cell, lines, repeat } from "./testing/repeats.js";

const line = (name: string) => lines.find(({ variant }) => variant === name);

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

  it("compares with the peer, first tokens as they are added", () => {
    expect(line("all-in-one")?.perSecondOverPeer?.median).toBeCloseTo(6);
    expect(line("all-in-one")?.cpuOverPeer?.median).toBeCloseTo(0.25);
    expect(line("cluster")?.cpuOverPeer?.median).toBeCloseTo(1.7 / 0.8);
    const streamed = lineOf(cell, "all-in-one", [repeat(1, { firstTokens: true })]);
    expect(streamed.addedFirstTokenOverPeer?.median).toBeCloseTo(0.9 / 27);
  });

  it("compares with no peer where none was measured, nor the peer with itself", () => {
    expect(line("portkey")).toMatchObject({ perSecondOverPeer: null, cpuOverPeer: null });
    expect(line("direct")).toMatchObject({ perSecondOverPeer: null, cpuOverPeer: null });
    const alone = lineOf(cell, "all-in-one", [repeat(1, { peer: false })]);
    expect(alone).toMatchObject({ perSecondOverPeer: null, addedFirstTokenOverPeer: null });
  });

  it("does not divide by a floor that adds nothing", () => {
    const flat = lineOf(cell, "all-in-one", [repeat(1, { proxy: 1.001 })]);
    expect(flat.addedP50Ratio).toBeNull();
    expect(flat.addedP50?.median).toBeCloseTo(0.9);
  });
});
