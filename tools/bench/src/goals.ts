import type { Line } from "./lines.js";
import type { GoalName, VariantName } from "./rows/cell.js";
import type { Spread } from "./stats.js";

/** A goal beside what was measured. Judged by the median. */
export interface Judged {
  readonly goal: string;
  readonly what: string;
  readonly where: string;
  readonly measured: Spread | null;
  readonly limit: number;
  readonly unit: "x" | "ms";
  /** `not measured`: a variant did not run, or the floor was too small to divide by. */
  readonly verdict: "met" | "missed" | "not measured";
}

interface Goal {
  readonly variant: VariantName;
  readonly what: string;
  readonly limit: number;
  readonly unit: "x" | "ms";
  readonly read: (line: Line) => Spread | null;
}

const goals: Readonly<Record<GoalName, readonly Goal[]>> = {
  P1: [
    {
      variant: "all-in-one",
      what: "added p50 over the bare proxy's",
      limit: 2,
      unit: "x",
      read: (line) => line.addedP50Ratio,
    },
  ],
  P2: [
    {
      variant: "all-in-one",
      what: "CPU over the bare proxy's",
      limit: 2.5,
      unit: "x",
      read: (line) => line.cpuRatio,
    },
  ],
  "P2 per token": [
    {
      variant: "all-in-one",
      what: "CPU per paced token over the bare proxy's",
      limit: 2,
      unit: "x",
      read: (line) => line.cpuRatio,
    },
  ],
  P4: [
    {
      variant: "all-in-one",
      what: "first token above the bare proxy's",
      limit: 1,
      unit: "ms",
      read: (line) => line.firstTokenOverFloor,
    },
    {
      variant: "cluster",
      what: "first token above the bare proxy's",
      limit: 3,
      unit: "ms",
      read: (line) => line.firstTokenOverFloor,
    },
  ],
  P5: [
    {
      variant: "all-in-one",
      what: "p50 above the slowest needed member",
      limit: 5,
      unit: "ms",
      read: (line) => line.overUpstream,
    },
  ],
  "P9 unary": [
    {
      variant: "cluster",
      what: "CPU of one hop",
      limit: 1,
      unit: "ms",
      read: (line) => line.cpuOverAllInOne,
    },
  ],
  "P9 stream": [
    {
      variant: "cluster",
      what: "CPU of one hop",
      limit: 3,
      unit: "ms",
      read: (line) => line.cpuOverAllInOne,
    },
  ],
  P10: [
    {
      variant: "all-in-one",
      what: "CPU above its five upstream calls (the bare fan-out's)",
      limit: 1,
      unit: "ms",
      read: (line) => line.cpuOverFloor,
    },
  ],
};

/** Goals of the project that nothing here measures, with the reason. */
export const notMeasured: readonly string[] = [
  "P3 (needs peers)",
  "P6 (early stop against the ideal)",
  "P7 and P8 (memory and CPU at thousands of streams)",
];

/** Holds every goal of every cell against what was measured. */
export function judge(lines: readonly Line[]): readonly Judged[] {
  const cells = [...new Set(lines.map((line) => line.cell))];
  return cells.flatMap((cell) =>
    cell.goals.flatMap((name) =>
      goals[name].map(({ variant, what, limit, unit, read }): Judged => {
        const line = lines.find((candidate) => candidate.cell === cell && candidate.variant === variant);
        const measured = line === undefined ? null : read(line);
        const verdict = measured === null ? "not measured" : measured.median <= limit ? "met" : "missed";
        const goal = name.split(" ")[0] ?? name;
        return { goal, what: `${variant}: ${what}`, where: cell.name, measured, limit, unit, verdict };
      }),
    ),
  );
}
