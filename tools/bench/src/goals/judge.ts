import type { Line } from "../lines.js";
import type { EarlyStopLine } from "../early-stop/early-stop-line.js";
import type { StreamsLine } from "../streams/streams-line.js";
import { cellGoals } from "./cell-goals.js";
import { earlyStopGoals } from "./early-stop-goals.js";
import { type Judged, judged } from "./goal.js";
import { streamsGoals } from "./streams-goals.js";

/** What a bench found out. */
export interface Found {
  readonly lines: readonly Line[];
  readonly streams: readonly StreamsLine[];
  readonly earlyStops: readonly EarlyStopLine[];
}

/** Goals of the project that nothing here measures, with the reason. */
export function notMeasured(peers: boolean): readonly string[] {
  return peers ? [] : ["P3 and P4's part about Portkey (only with --peers)"];
}

/** Holds every goal against what was measured. Those of cells and streams that were left out are left out too. */
export function judge({ lines, streams, earlyStops }: Found): readonly Judged[] {
  const cells = [...new Set(lines.map((line) => line.cell))];
  const ofCells = cells.flatMap((cell) =>
    cell.goals.flatMap((name) =>
      cellGoals[name].map(({ variant, read, ...target }) => {
        const line = lines.find((candidate) => candidate.cell === cell && candidate.variant === variant);
        const what = `${variant}: ${target.what}`;
        const goal = name.split(" ")[0] ?? name;
        return judged(goal, cell.name, { ...target, what }, line === undefined ? null : read(line));
      }),
    ),
  );
  const ofStreams = streams.flatMap((line) =>
    streamsGoals
      .filter(({ subject }) => subject === line.subject)
      .map(({ goal, subject, read, ...target }) =>
        judged(
          goal,
          `${line.few} to ${line.many} streams`,
          { ...target, what: `${subject}: ${target.what}` },
          read(line),
        ),
      ),
  );
  const ofEarlyStops = earlyStops.flatMap((line) =>
    earlyStopGoals.map(({ read, ...target }) => {
      const what = `${line.deployment}: ${target.what}`;
      return judged("P6", `early stop, ${line.questions} questions`, { ...target, what }, read(line));
    }),
  );
  return [...ofCells, ...ofStreams, ...ofEarlyStops];
}
