import { expect, it } from "vitest";

import { judgeSoak } from "./judge-soak.js";
import type { SoakLeg } from "./run-soak.js";

const mebibyte = 1024 * 1024;

const leg: SoakLeg = {
  answered: 9,
  failed: { upstream_error: 1 },
  wrong: [],
  hung: 0,
  upstreamCalls: 12,
  reportedCalls: 12,
  faulty: 3,
  leftOpen: 0,
  liveBytes: 50 * mebibyte,
  residentBytes: 120 * mebibyte,
  openFiles: 180,
  seconds: 1,
};

/** Ten legs; `changes` gives what is different in one of them. */
const legs = (changes: (index: number) => Partial<SoakLeg>): readonly SoakLeg[] =>
  Array.from({ length: 10 }, (_, index) => ({ ...leg, ...changes(index) }));

const broken = (soaked: readonly SoakLeg[]): readonly string[] =>
  judgeSoak(soaked).flatMap(({ name, holds }) => (holds ? [] : [name]));

it("finds nothing wrong with a soak that is flat, however much it took to warm up", () => {
  expect(broken(legs(() => ({})))).toEqual([]);
  expect(broken(legs((index) => ({ liveBytes: (index < 2 ? 200 : 50) * mebibyte })))).toEqual([]);
});

it.each<[string, (index: number) => Partial<SoakLeg>]>([
  ["none hung", (index) => ({ hung: index === 4 ? 1 : 0 })],
  [
    "every answer is right, every failure has a code and a cause",
    (index) => ({ wrong: index === 9 ? ["x"] : [] }),
  ],
  ["Synod counts the upstream's calls", (index) => ({ reportedCalls: index === 0 ? 11 : 12 })],
  ["no upstream call is left open", (index) => ({ leftOpen: index === 7 ? 2 : 0 })],
  ["memory in use: flat", (index) => ({ liveBytes: (50 + 5 * index) * mebibyte })],
  ["resident memory: flat", (index) => ({ residentBytes: (120 + 25 * index) * mebibyte })],
  ["descriptors: flat", (index) => ({ openFiles: 180 + 10 * index })],
])("sees when this does not hold: %s", (name, changes) => {
  expect(broken(legs(changes))).toEqual([name]);
});
