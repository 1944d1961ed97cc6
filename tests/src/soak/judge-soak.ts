import type { SoakLeg } from "./run-soak.js";

/** One thing that must hold of a soak. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  readonly figures: string;
}

const mebibyte = 1024 * 1024;
/** How much more the last legs may hold than the first ones after the warm-up. */
const allowed = {
  /** Caches fill, and code is compiled, for a while. */
  live: { share: 0.1, more: 16 * mebibyte },
  /** The machine's memory is given back late, and in large pieces. */
  resident: { share: 0.25, more: 64 * mebibyte },
  /** Connections that are kept for a while come and go. */
  files: { share: 0, more: 32 },
} as const;

/** What must hold of a soak. Memory and descriptors count from the third leg on: the first two warm up. */
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
    flat(legs, "memory in use", allowed.live, (leg) => leg.liveBytes, inMebibytes),
    flat(legs, "resident memory", allowed.resident, (leg) => leg.residentBytes, inMebibytes),
    flat(legs, "descriptors", allowed.files, (leg) => leg.openFiles, String),
  ];
}

const inMebibytes = (bytes: number): string => `${Math.round(bytes / mebibyte)} MiB`;

function flat(
  legs: readonly SoakLeg[],
  what: string,
  bound: { readonly share: number; readonly more: number },
  pick: (leg: SoakLeg) => number,
  show: (value: number) => string,
): Check {
  const [before, after] = [median(legs.slice(2, 5).map(pick)), median(legs.slice(-3).map(pick))];
  const most = before * (1 + bound.share) + bound.more;
  return {
    name: `${what}: flat`,
    holds: after <= most,
    figures: `${show(before)} after the warm-up, ${show(after)} in the end, ${show(most)} allowed`,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
