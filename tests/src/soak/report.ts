import type { Check } from "./judge-soak.js";
import type { SoakLeg } from "./run-soak.js";

const mebibyte = 1024 * 1024;
/** How many things that must not be are shown. */
const shown = 20;

/** The head of the table of legs. */
export const legsHead = row([
  "leg",
  "answered",
  "failed",
  "wrong",
  "hung",
  "upstream",
  "faulty",
  "live MiB",
  "RSS MiB",
  "files",
  "seconds",
]);

/** A leg as a line of the table. */
export function legLine(leg: SoakLeg, index: number): string {
  const failed = Object.values(leg.failed).reduce((all, count) => all + count, 0);
  const faulty = leg.upstreamCalls === 0 ? 0 : Math.round((100 * leg.faulty) / leg.upstreamCalls);
  return row([
    index + 1,
    leg.answered,
    failed,
    leg.wrong.length,
    leg.hung,
    leg.upstreamCalls,
    `${faulty} %`,
    Math.round(leg.liveBytes / mebibyte),
    Math.round(leg.residentBytes / mebibyte),
    leg.openFiles,
    leg.seconds.toFixed(1),
  ]);
}

/** What came out: failures by code, what must not be, and every check. */
export function summary(legs: readonly SoakLeg[], checks: readonly Check[]): string {
  const codes = new Map<string, number>();
  for (const [code, count] of legs.flatMap(({ failed }) => Object.entries(failed))) {
    codes.set(code, (codes.get(code) ?? 0) + count);
  }
  const byCount = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
  const wrong = legs.flatMap((leg) => leg.wrong);
  return [
    `failures by code: ${byCount.join(", ") || "none"}`,
    ...wrong.slice(0, shown).map((line) => `wrong: ${line}`),
    ...(wrong.length > shown ? [`and ${wrong.length - shown} more that are wrong`] : []),
    checksText(checks),
  ].join("\n");
}

/** Every check on a line of its own. */
export function checksText(checks: readonly Check[]): string {
  return checks
    .map(({ name, holds, figures }) => `${holds ? "ok    " : "FAILED"} ${name}: ${figures}`)
    .join("\n");
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(9)).join("");
}
