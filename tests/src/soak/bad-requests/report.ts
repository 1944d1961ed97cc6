import { checksText } from "../report.js";
import type { BadRequestReport } from "./run-bad-requests.js";

/** How many things that must not be are shown. */
const shown = 20;

/** What came of bad requests: how each kind was answered, what must not be, and every check. */
export function badRequestsText(report: BadRequestReport): string {
  const lines = Object.entries(report.answers).map(([kind, answers]) => {
    const counts = Object.entries(answers).toSorted(([, one], [, other]) => other - one);
    return `${kind.padEnd(10)}${counts.map(([answer, count]) => `${answer}: ${count}`).join(", ")}`;
  });
  const bad = [...report.faults, ...report.slow];
  const mebibytes = Math.round(report.residentBytes / 1024 / 1024);
  return [
    ...lines.toSorted(),
    `${report.upstreamCalls} upstream calls, ${mebibytes} MiB, ${report.seconds.toFixed(1)} s`,
    `the slowest: ${report.slowest}`,
    ...bad.slice(0, shown).map((line) => `wrong: ${line}`),
    ...(bad.length > shown ? [`and ${bad.length - shown} more that are wrong`] : []),
    checksText(report.checks),
  ].join("\n");
}
