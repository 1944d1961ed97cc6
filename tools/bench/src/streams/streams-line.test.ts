import { expect, it } from "vitest";
import type { StreamsSample } from "./streams-sample.js";
import { streamsLineOf } from "./streams-line.js";

const sample: StreamsSample = {
  subject: "all-in-one",
  few: 100,
  many: 300,
  memory: [
    { streams: 100, rssBytes: 50_000_000, heapBytes: 20_000_000 },
    { streams: 200, rssBytes: 53_000_000, heapBytes: 22_000_000 },
    { streams: 300, rssBytes: 57_000_000, heapBytes: 24_000_000 },
  ],
  windows: [
    { few: { cpuMs: 100, events: 1_000 }, many: { cpuMs: 130, events: 1_000 } },
    { few: { cpuMs: 200, events: 1_000 }, many: { cpuMs: 220, events: 1_000 } },
  ],
};

it("tells what a stream costs from what a step adds: what the processes need anyway is left out", () => {
  const line = streamsLineOf(sample, 500);
  expect(line.rssKb).toEqual({ median: 35, min: 30, max: 40 });
  expect(line.heapKb).toEqual({ median: 20, min: 20, max: 20 });
});

it("compares the crowds within each window", () => {
  const line = streamsLineOf(sample, 500);
  expect(line.fewCpuUs).toEqual({ median: 150, min: 100, max: 200 });
  expect(line.manyCpuUs?.max).toBeCloseTo(220);
  expect(line.cpuRatio).toEqual({ median: expect.closeTo(1.2), min: expect.closeTo(1.1), max: 1.3 });
  expect(line.perSecond?.median).toBe(2_000);
});

it("says nothing of CPU where none was read, nor where nothing was heard", () => {
  expect(streamsLineOf({ ...sample, windows: [] }, 0)).toMatchObject({ cpuRatio: null, perSecond: null });
  const silent = { few: { cpuMs: 1, events: 0 }, many: { cpuMs: 1, events: 0 } };
  expect(streamsLineOf({ ...sample, windows: [silent] }, 500).cpuRatio).toBeNull();
});
