import type { EarlyStopLine } from "./early-stop/early-stop-line.js";
import type { Judged } from "./goals/goal.js";
import type { Line } from "./lines.js";
import type { Cell } from "./rows/cell.js";
import type { StreamsLine } from "./streams/streams-line.js";
import { digits, figure, table } from "./table.js";

type Column<T> = readonly [title: string, write: (of: T) => string];

const caseColumns: readonly Column<Line>[] = [
  ["case", (line) => line.cell.name],
  ["variant", (line) => line.variant],
  ["p50 ms", (line) => figure(line.p50)],
];

const costColumns: readonly Column<Line>[] = [
  ["client CPU", (line) => figure(line.clientCpu)],
  ["upstream CPU", (line) => figure(line.upstreamCpu)],
  ["requests/s", (line) => figure(line.perSecond)],
];

const passThroughColumns: readonly Column<Line>[] = [
  ...caseColumns,
  ["added p50", (line) => figure(line.addedP50)],
  ["x proxy", (line) => figure(line.addedP50Ratio)],
  ["added p99", (line) => figure(line.addedP99)],
  ["added first token", (line) => figure(line.addedFirstToken)],
  ["CPU", (line) => figure(line.cpu)],
  ["x proxy", (line) => figure(line.cpuRatio)],
  ...costColumns,
];

const peerColumns = (peer: string): readonly Column<Line>[] => [
  [`requests/s x ${peer}`, (line) => figure(line.perSecondOverPeer)],
  [`CPU x ${peer}`, (line) => figure(line.cpuOverPeer)],
  [`first token x ${peer}`, (line) => figure(line.addedFirstTokenOverPeer)],
];

const majorityColumns: readonly Column<Line>[] = [
  ...caseColumns,
  ["slowest ms", (line) => digits(line.cell.upstreamMs)],
  ["over slowest", (line) => figure(line.overUpstream)],
  ["x slowest", (line) => figure(line.upstreamRatio)],
  ["CPU", (line) => figure(line.cpu)],
  ["CPU over floor", (line) => figure(line.cpuOverFloor)],
  ["peak at once", (line) => figure(line.peak)],
  ...costColumns,
];

const streamsColumns: readonly Column<StreamsLine>[] = [
  ["subject", (line) => line.subject],
  ["streams", (line) => `${line.few} to ${line.many}`],
  ["resident kB per stream", (line) => figure(line.rssKb)],
  ["heap kB per stream", (line) => figure(line.heapKb)],
  ["CPU us per event, few", (line) => figure(line.fewCpuUs)],
  ["many", (line) => figure(line.manyCpuUs)],
  ["many over few", (line) => figure(line.cpuRatio)],
  ["events/s", (line) => figure(line.perSecond)],
];

const earlyStopColumns: readonly Column<EarlyStopLine>[] = [
  ["deployment", (line) => line.deployment],
  ["questions", (line) => String(line.questions)],
  ["x ideal", (line) => figure(line.overIdeal)],
  ["x waiting for all", (line) => figure(line.overAll)],
  ["ideal x waiting", (line) => digits(line.idealOverAll)],
  ["closed ms, p95", (line) => figure(line.closedMs)],
  ["calls left", (line) => figure(line.left)],
];

/** The pass-through lines, beside the peer if there is one. */
export function passThroughTable(lines: readonly Line[], peer?: string): string {
  const columns = [...passThroughColumns, ...(peer === undefined ? [] : peerColumns(peer))];
  return written(columns, ofRow(lines, "pass-through"));
}

/** The lines of the majority. */
export function majorityTable(lines: readonly Line[]): string {
  return written(majorityColumns, ofRow(lines, "majority"));
}

/** The open streams. */
export function streamsTable(lines: readonly StreamsLine[]): string {
  return written(streamsColumns, lines);
}

/** The early stops. */
export function earlyStopTable(lines: readonly EarlyStopLine[]): string {
  return written(earlyStopColumns, lines);
}

/** Goals beside what was measured. */
export function goalTable(goals: readonly Judged[]): string {
  return written<Judged>(
    [
      ["goal", (judged) => judged.goal],
      ["what", (judged) => judged.what],
      ["case", (judged) => judged.where],
      ["measured", ({ measured, unit }) => `${figure(measured)}${measured === null ? "" : ` ${unit}`}`],
      ["goal is", ({ bound, limit, unit }) => `${bound} ${limit} ${unit}`],
      ["verdict", (judged) => judged.verdict],
    ],
    goals,
  );
}

function ofRow(lines: readonly Line[], row: Cell["row"]): readonly Line[] {
  return lines.filter((line) => line.cell.row === row);
}

function written<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  return table(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, write]) => write(row))),
  );
}
