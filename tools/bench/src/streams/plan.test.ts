import { describe, expect, it } from "vitest";
import { reducedNote, streamsPlan } from "./plan.js";

const full = { quick: false, peers: false, repeats: 3 };

describe("streamsPlan", () => {
  it("goes from 1,000 streams to 8,000, and hears something on each of them every 4 s", () => {
    const plan = streamsPlan("all-in-one", full, 20_000);
    expect(plan).toMatchObject({ few: 1_000, many: 8_000, steps: 3, windows: 3 });
    expect(plan.many / plan.perSecond).toBe(4);
  });

  it("opens fewer with --quick", () => {
    const plan = streamsPlan("all-in-one", { ...full, quick: true }, 20_000);
    expect(plan).toMatchObject({ few: 250, many: 2_000 });
    expect(plan.many / plan.perSecond).toBe(4);
  });

  it("asks a cluster for fewer, and for memory alone", () => {
    expect(streamsPlan("cluster", full, 20_000)).toMatchObject({ few: 250, many: 2_000, perSecond: 0 });
  });

  it.each([1_024, 4_096, 16_000])("keeps within %d open files", (openFiles) => {
    const { few, many } = streamsPlan("all-in-one", full, openFiles);
    expect(many).toBeGreaterThan(0);
    expect(2 * many).toBeLessThan(openFiles);
    expect(few + many).toBeLessThan(openFiles);
    expect(many / few).toBeCloseTo(8, 0);
  });
});

describe("reducedNote", () => {
  const wanted = streamsPlan("all-in-one", full, Number.POSITIVE_INFINITY);

  it("says nothing when everything fits", () => {
    expect(reducedNote(streamsPlan("all-in-one", full, 20_000), wanted, 20_000)).toBeUndefined();
  });

  it("says how many there were, and why", () => {
    const note = reducedNote(streamsPlan("all-in-one", full, 4_500), wanted, 4_500);
    expect(note).toContain("4500 files");
    expect(note).toContain("250 and 2000 streams were measured, not 1000 and 8000");
  });
});
