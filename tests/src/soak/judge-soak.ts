import type { SoakLeg } from "./run-soak.js";
import { type Measured, slopeOf } from "./slope.js";

/** One thing that must hold of a soak. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  readonly figures: string;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
/** The first legs warm up: code is compiled, and connections are opened. */
const warmUp = 2;

/** How much more may be held after the warm-up. */
interface Bound {
  readonly perQuestion: number;
  /** Once, and once more for each process: the warm-up never quite ends. */
  readonly once: number;
  readonly perProcess: number;
}

/** A leak of 1,000 bytes a question is beyond it when one process is asked 3,000 questions, or five are asked 10,000. */
const allowed = {
  /** Every tenth question is a run, whose events are kept: some 3 kB each, 2,000 runs at most. */
  live: { perQuestion: 500, once: mebibyte, perProcess: mebibyte / 2 },
  /** The machine's memory is given back late, and in large pieces. */
  resident: { perQuestion: 500, once: 16 * mebibyte, perProcess: 8 * mebibyte },
  /** Connections that are kept for a while come and go. */
  files: { perQuestion: 0, once: 48, perProcess: 0 },
} as const satisfies Record<string, Bound>;

/** What must hold of a soak. */
export function judgeSoak(legs: readonly SoakLeg[]): readonly Check[] {
  const sum = (pick: (leg: SoakLeg) => number): number => legs.reduce((all, leg) => all + pick(leg), 0);
  const wrong = legs.flatMap((leg) => leg.wrong);
  const failures = sum(({ failed }) => Object.values(failed).reduce((all, count) => all + count, 0));
  const [calls, reported] = [sum((leg) => leg.upstreamCalls), sum((leg) => leg.reportedCalls)];
  return [
    { name: "none hung", holds: sum((leg) => leg.hung) === 0, figures: `${sum((leg) => leg.hung)} hung` },
    {
      name: "every answer is right, every failure has a code and a cause",
      holds: wrong.length === 0,
      figures: `${sum((leg) => leg.answered)} answers, ${failures} failures, ${wrong.length} wrong`,
    },
    {
      name: "Synod counts the upstream's calls",
      holds: calls === reported,
      figures: `${calls} upstream, ${reported} reported`,
    },
    {
      name: "no upstream call is left open",
      holds: sum((leg) => leg.leftOpen) === 0,
      figures: `${sum((leg) => leg.leftOpen)} left open`,
    },
    flat(legs, "memory in use", allowed.live, (leg) => leg.liveBytes, inKibibytes),
    flat(legs, "resident memory", allowed.resident, (leg) => leg.residentBytes, inKibibytes),
    flat(
      legs,
      "descriptors",
      allowed.files,
      (leg) => leg.openFiles,
      (files) => String(Math.round(files)),
    ),
  ];
}

const inKibibytes = (bytes: number): string => `${Math.round(bytes / kibibyte)} KiB`;

function flat(
  legs: readonly SoakLeg[],
  what: string,
  bound: Bound,
  pick: (leg: SoakLeg) => number,
  show: (value: number) => string,
): Check {
  const points = pointsOf(legs, pick).slice(warmUp);
  const questions = (points.at(-1)?.questions ?? 0) - (points[0]?.questions ?? 0);
  const grown = slopeOf(points) * questions;
  const { processes = 1 } = legs.at(-1) ?? {};
  const most = bound.perQuestion * questions + bound.once + bound.perProcess * processes;
  return {
    name: `${what}: flat`,
    holds: grown <= most,
    figures: `${show(grown)} more in ${questions} questions after the warm-up, ${show(most)} allowed; ${show(points.at(-1)?.value ?? 0)} in the end`,
  };
}

function pointsOf(legs: readonly SoakLeg[], pick: (leg: SoakLeg) => number): readonly Measured[] {
  let questions = 0;
  return legs.map((leg) => ({ questions: (questions += leg.questions), value: pick(leg) }));
}
