import type { Size } from "../rows/cell.js";
import { measureStreams } from "./measure-streams.js";
import { readOpenFilesLimit } from "./open-files.js";
import { reducedNote, streamsPlan, type SubjectName } from "./plan.js";
import type { CrowdOptions } from "./start-subject.js";
import { type StreamsLine, streamsLineOf } from "./streams-line.js";

/** What the streams of several subjects are measured with. */
export interface AllStreamsOptions {
  readonly size: Size;
  readonly crowds: CrowdOptions;
  /** Whether there is time for what it names. It reports what is left out. */
  readonly hasTime: (what: string) => boolean;
  readonly onProgress: (text: string) => void;
}

/** What came of all subjects. */
export interface AllStreams {
  readonly lines: readonly StreamsLine[];
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/** Measures one subject after the other: together they would hold more streams than a machine has files for. */
export async function measureAllStreams(
  subjects: readonly SubjectName[],
  { size, crowds, hasTime, onProgress }: AllStreamsOptions,
): Promise<AllStreams> {
  const openFiles = readOpenFilesLimit();
  const lines: StreamsLine[] = [];
  const failures: string[] = [];
  const warnings = new Set<string>();
  for (const subject of subjects) {
    if (!hasTime(`open streams, ${subject}`)) continue;
    const plan = streamsPlan(subject, size, openFiles);
    const note = reducedNote(plan, streamsPlan(subject, size, Number.POSITIVE_INFINITY), openFiles);
    if (note !== undefined) warnings.add(note);
    onProgress(`open streams: ${subject}, ${plan.few} to ${plan.many}`);
    try {
      lines.push(streamsLineOf(await measureStreams(subject, plan, crowds), plan.windowMs));
    } catch (error) {
      failures.push(`open streams, ${subject}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { lines, failures, warnings: [...warnings] };
}
