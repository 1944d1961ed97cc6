import { expect, it } from "vitest";

import { judgeSoak } from "./judge-soak.js";
import type { SoakLeg } from "./run-soak.js";

const mebibyte = 1024 * 1024;

const leg: SoakLeg = {
  questions: 1_000,
  answered: 900,
  failed: { upstream_error: 100 },
  wrong: [],
  hung: 0,
  upstreamCalls: 1_200,
  reportedCalls: 1_200,
  faulty: 300,
  leftOpen: 0,
  liveBytes: 40 * mebibyte,
  residentBytes: 120 * mebibyte,
  openFiles: 180,
  processes: 1,
  seconds: 1,
};

/** Ten legs; `changes` gives what is different in one of them. */
const legs = (changes: (index: number) => Partial<SoakLeg>): readonly SoakLeg[] =>
  Array.from({ length: 10 }, (_, index) => ({ ...leg, ...changes(index) }));

const broken = (soaked: readonly SoakLeg[]): readonly string[] =>
  judgeSoak(soaked).flatMap(({ name, holds }) => (holds ? [] : [name]));

/** Ten legs of a soak that holds so many bytes more with each question, as unevenly as was measured. */
const leaking = (bytes: number, { questions = 1_000, processes = 1 } = {}): readonly SoakLeg[] => {
  const odd = [0, 120, -180, 240, -90, 300, -240, 60, 180, -120];
  return legs((index) => ({
    questions,
    processes,
    liveBytes: leg.liveBytes + bytes * questions * index + 1024 * (odd[index] ?? 0),
  }));
};

it("finds nothing wrong with a soak that is flat, however much it took to warm up", () => {
  expect(broken(legs(() => ({})))).toEqual([]);
  expect(broken(legs((index) => ({ liveBytes: (index < 2 ? 200 : 50) * mebibyte })))).toEqual([]);
  expect(broken(legs((index) => ({ liveBytes: (index < 2 ? 20 : 50) * mebibyte })))).toEqual([]);
});

it("bears what runs keep, and one leg that is measured at a bad time", () => {
  expect(broken(leaking(450))).toEqual([]);
  expect(broken(legs((index) => ({ liveBytes: (index === 8 ? 80 : 40) * mebibyte })))).toEqual([]);
});

it.each([
  ["10,000 questions", {}],
  ["3,000 questions", { questions: 300 }],
  ["10,000 questions to five processes and their launcher", { processes: 6 }],
])("sees a leak of 1,000 bytes a question, beside what runs keep, in %s", (_, soaked) => {
  expect(broken(leaking(1_400, soaked))).toEqual(["memory in use: flat"]);
});

it("allows a short soak what warming up takes", () => {
  expect(broken(leaking(6_000, { questions: 20 }))).toEqual([]);
  expect(broken(leaking(20_000, { questions: 20, processes: 6 }))).toEqual([]);
});

it.each<[string, (index: number) => Partial<SoakLeg>]>([
  ["none hung", (index) => ({ hung: index === 4 ? 1 : 0 })],
  [
    "every answer is right, every failure has a code and a cause",
    (index) => ({ wrong: index === 9 ? ["x"] : [] }),
  ],
  ["Synod counts the upstream's calls", (index) => ({ reportedCalls: index === 0 ? 11 : 1_200 })],
  ["no upstream call is left open", (index) => ({ leftOpen: index === 7 ? 2 : 0 })],
  ["memory in use: flat", (index) => ({ liveBytes: (50 + index) * mebibyte })],
  ["resident memory: flat", (index) => ({ residentBytes: (120 + 5 * index) * mebibyte })],
  ["descriptors: flat", (index) => ({ openFiles: 180 + 8 * index })],
])("sees when this does not hold: %s", (name, changes) => {
  expect(broken(legs(changes))).toEqual([name]);
});
