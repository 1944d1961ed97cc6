import type { Spread } from "../stats.js";
import type { SubjectName } from "../streams/plan.js";
import type { StreamsLine } from "../streams/streams-line.js";
import type { Target } from "./goal.js";

/** A goal of one subject's open streams. */
export interface StreamsGoal extends Target {
  readonly goal: "P7" | "P8";
  readonly subject: SubjectName;
  readonly read: (line: StreamsLine) => Spread | null;
}

const memory = (subject: SubjectName, limit: number): StreamsGoal => ({
  goal: "P7",
  subject,
  what: "resident memory per open stream",
  bound: "at most",
  limit,
  unit: "kB",
  read: (line) => line.rssKb,
});

const cpu = (subject: SubjectName): StreamsGoal => ({
  goal: "P8",
  subject,
  what: "CPU per event, many streams over few",
  bound: "at most",
  limit: 1.2,
  unit: "x",
  read: (line) => line.cpuRatio,
});

/** What is asked of open streams. */
export const streamsGoals: readonly StreamsGoal[] = [
  memory("upstream side", 32),
  memory("all-in-one", 40),
  memory("cluster", 150),
  cpu("upstream side"),
  cpu("all-in-one"),
];
