import { type Spread, spread } from "../stats.js";
import type { SubjectName } from "./plan.js";
import type { CrowdWindow, StreamsSample } from "./streams-sample.js";

/** One subject's open streams, summed up. Null: it was not measured. */
export interface StreamsLine {
  readonly subject: SubjectName;
  readonly few: number;
  readonly many: number;
  /** Growth of the processes' resident memory per open stream, from step to step, in kB of 1,000 bytes. */
  readonly rssKb: Spread | null;
  /** The same of what JavaScript holds. */
  readonly heapKb: Spread | null;
  /** CPU of the processes per event that a stream hears, in microseconds, with few and with many streams open. */
  readonly fewCpuUs: Spread | null;
  readonly manyCpuUs: Spread | null;
  /** With many over with few, in the same window. */
  readonly cpuRatio: Spread | null;
  /** Events per second that the large crowd heard. */
  readonly perSecond: Spread | null;
}

/** Sums up what was read. */
export function streamsLineOf(
  { subject, few, many, memory, windows }: StreamsSample,
  windowMs: number,
): StreamsLine {
  const perStream = (read: (at: (typeof memory)[number]) => number): Spread | null =>
    spread(
      memory.slice(1).map((at, i) => {
        const before = memory[i];
        if (before === undefined || at.streams <= before.streams) return null;
        return (read(at) - read(before)) / (at.streams - before.streams) / 1_000;
      }),
    );
  return {
    subject,
    few,
    many,
    rssKb: perStream((at) => at.rssBytes),
    heapKb: perStream((at) => at.heapBytes),
    fewCpuUs: spread(windows.map((window) => perEventUs(window.few))),
    manyCpuUs: spread(windows.map((window) => perEventUs(window.many))),
    cpuRatio: spread(
      windows.map((window) => {
        const [small, large] = [perEventUs(window.few), perEventUs(window.many)];
        return small === null || small === 0 || large === null ? null : large / small;
      }),
    ),
    perSecond: spread(windows.map((window) => (window.many.events / windowMs) * 1_000)),
  };
}

function perEventUs({ cpuMs, events }: CrowdWindow): number | null {
  return events === 0 ? null : (cpuMs / events) * 1_000;
}
