import { type Judged, notMeasured } from "./goals.js";
import type { Line } from "./lines.js";
import type { Machine } from "./machine.js";
import type { Cell } from "./rows/cell.js";
import { digits, figure, table } from "./table.js";

/** Everything that a bench found out. */
export interface Report {
  readonly startedAt: string;
  readonly quick: boolean;
  readonly repeats: number;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly lines: readonly Line[];
  readonly goals: readonly Judged[];
  /** What could not be measured, and why. Empty when all went well. */
  readonly failures: readonly string[];
  /** What looks odd: more or fewer upstream calls than expected. */
  readonly warnings: readonly string[];
}

/** The report as text for people. */
export function writeReport(report: Report): string {
  const { machine } = report;
  const parts = [
    `# Synod bench, ${report.startedAt}${report.quick ? " (quick: rough figures, some cases left out)" : ""}`,
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${machine.platform}, loopback only. ` +
      `${report.repeats} repeats, variants in rotating order. Figures: median (least to most). ` +
      `Load of the machine before: ${digits(machine.load)}. Read ratios, not digits; p99 is shown and never judged.`,
    "## Pass-through to one model\n\n" +
      "Added: above the direct call. x proxy: over the bare proxy in the same repeat. CPU: ms per request.",
    lineTable(report.lines, "pass-through", passThroughColumns),
    "## Majority of five members\n\n" +
      "Over slowest: above the set latency of the slowest member that is needed. Floor: a bare fan-out that makes the " +
      "same upstream calls and reads them without looking. CPU: ms per run.",
    lineTable(report.lines, "majority", majorityColumns),
    "## Goals",
    goalTable(report.goals),
    `Not measured here: ${notMeasured.join(", ")}.`,
    upstreamRate(report.lines),
    ...report.warnings.map((warning) => `Warning: ${warning}`),
    ...report.failures.map((failure) => `NOT MEASURED: ${failure}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

type Column = readonly [title: string, write: (line: Line) => string];

const caseColumns: readonly Column[] = [
  ["case", (line) => line.cell.name],
  ["variant", (line) => line.variant],
  ["p50 ms", (line) => figure(line.p50)],
];

const costColumns: readonly Column[] = [
  ["client CPU", (line) => figure(line.clientCpu)],
  ["upstream CPU", (line) => figure(line.upstreamCpu)],
  ["requests/s", (line) => figure(line.perSecond)],
];

const passThroughColumns: readonly Column[] = [
  ...caseColumns,
  ["added p50", (line) => figure(line.addedP50)],
  ["x proxy", (line) => figure(line.addedP50Ratio)],
  ["added p99", (line) => figure(line.addedP99)],
  ["added first token", (line) => figure(line.addedFirstToken)],
  ["CPU", (line) => figure(line.cpu)],
  ["x proxy", (line) => figure(line.cpuRatio)],
  ...costColumns,
];

const majorityColumns: readonly Column[] = [
  ...caseColumns,
  ["slowest ms", (line) => digits(line.cell.upstreamMs)],
  ["over slowest", (line) => figure(line.overUpstream)],
  ["x slowest", (line) => figure(line.upstreamRatio)],
  ["CPU", (line) => figure(line.cpu)],
  ["CPU over floor", (line) => figure(line.cpuOverFloor)],
  ["peak at once", (line) => figure(line.peak)],
  ...costColumns,
];

function lineTable(lines: readonly Line[], row: Cell["row"], columns: readonly Column[]): string {
  const own = lines.filter((line) => line.cell.row === row);
  return table(
    columns.map(([title]) => title),
    own.map((line) => columns.map(([, write]) => write(line))),
  );
}

function goalTable(goals: readonly Judged[]): string {
  const rows = goals.map((judged) => [
    judged.goal,
    judged.what,
    judged.where,
    `${figure(judged.measured)}${judged.measured === null ? "" : ` ${judged.unit}`}`,
    `${judged.limit} ${judged.unit}`,
    judged.verdict,
  ]);
  return table(["goal", "what", "case", "measured", "at most", "verdict"], rows);
}

function upstreamRate(lines: readonly Line[]): string {
  const best = Math.max(
    0,
    ...lines.filter((line) => line.variant === "direct").map((line) => line.perSecond?.median ?? 0),
  );
  return `The upstream alone answered at least ${Math.round(best)} requests per second.`;
}
