import type { Judged } from "./goals/goal.js";
import { notMeasured } from "./goals/judge.js";
import type { Line } from "./lines.js";
import type { Machine } from "./machine.js";
import type { Peer } from "./peers/portkey.js";
import type { EarlyStopLine } from "./early-stop/early-stop-line.js";
import { earlyStopTable, goalTable, majorityTable, passThroughTable, streamsTable } from "./report-tables.js";
import type { StreamsLine } from "./streams/streams-line.js";
import { digits } from "./table.js";

/** Everything that a bench found out. */
export interface Report {
  readonly startedAt: string;
  readonly quick: boolean;
  readonly repeats: number;
  readonly tookSeconds: number;
  readonly machine: Machine;
  /** Who was measured beside Synod. */
  readonly peer?: Pick<Peer, "name" | "version" | "differences">;
  readonly lines: readonly Line[];
  readonly streams: readonly StreamsLine[];
  readonly earlyStops: readonly EarlyStopLine[];
  readonly goals: readonly Judged[];
  /** What could not be measured, and why. Empty when all went well. */
  readonly failures: readonly string[];
  /** What looks odd: more or fewer upstream calls than expected, fewer streams than wanted. */
  readonly warnings: readonly string[];
}

/** The report as text for people. */
export function writeReport(report: Report): string {
  const { machine, peer } = report;
  const parts = [
    `# Synod bench, ${report.startedAt}${report.quick ? " (quick: rough figures, some cases left out)" : ""}`,
    `${machine.cores} cores (${machine.cpu}), Node ${machine.node}, ${machine.platform}, loopback only. ` +
      `${report.repeats} repeats, variants in rotating order. Figures: median (least to most). ` +
      `Load of the machine before: ${digits(machine.load)}. Read ratios, not digits; p99 is shown and never judged.`,
    ...(peer === undefined ? [] : [`${peer.name} ${peer.version}: ${peer.differences}.`]),
    "## Pass-through to one model\n\n" +
      "Added: above the direct call. x proxy: over the bare proxy in the same repeat. CPU: ms per request.",
    passThroughTable(report.lines, peer?.name),
    "## Majority of five members\n\n" +
      "Over slowest: above the set latency of the slowest member that is needed. Floor: a bare fan-out that makes the " +
      "same upstream calls and reads them without looking. CPU: ms per run.",
    majorityTable(report.lines),
    "## Early stop\n\n" +
      "Five members, each right in 75 % with three wrong answers beside, after times of their own (log-normal). The ideal: " +
      "each question takes until the answer that decides, and nothing is added. Closed: from the end of that answer to the " +
      "close of the last outstanding connection, by the upstream's clock.",
    earlyStopTable(report.earlyStops),
    "## Open streams\n\n" +
      "Memory per stream: how much more all processes of the subject hold per stream while the streams rise from few to " +
      "many, in equal steps, each read after the garbage was collected, the streams silent. Resident: what they take of " +
      "the machine, without the kernel's buffers. CPU per event: of all processes of the subject; the crowd of few and " +
      "the crowd of many run at the same time in processes of their own and hear equally many events. Each stream hears " +
      "one every 4 s or more often, so that Synod need not send a sign of life. Cluster: memory alone, and no more " +
      "streams than one connection between two services carries at once.",
    streamsTable(report.streams),
    "## Goals",
    goalTable(report.goals),
    ...notMeasured(peer !== undefined).map((goal) => `Not measured here: ${goal}.`),
    upstreamRate(report.lines),
    ...report.warnings.map((warning) => `Warning: ${warning}`),
    ...report.failures.map((failure) => `NOT MEASURED: ${failure}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function upstreamRate(lines: readonly Line[]): string {
  const best = Math.max(
    0,
    ...lines.filter((line) => line.variant === "direct").map((line) => line.perSecond?.median ?? 0),
  );
  return `The upstream alone answered at least ${Math.round(best)} requests per second.`;
}
