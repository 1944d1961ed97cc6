import type { EarlyStopLine } from "../early-stop/early-stop-line.js";
import type { Spread } from "../stats.js";
import type { Target } from "./goal.js";

/** A goal of stopping early. */
export interface EarlyStopGoal extends Target {
  readonly read: (line: EarlyStopLine) => Spread | null;
}

/** What is asked of early stops, in each deployment. */
export const earlyStopGoals: readonly EarlyStopGoal[] = [
  {
    what: "mean time over the ideal's",
    bound: "at most",
    limit: 1.05,
    unit: "x",
    read: (line) => line.overIdeal,
  },
  {
    what: "losers' connections closed after the decision (p95)",
    bound: "at most",
    limit: 50,
    unit: "ms",
    read: (line) => line.closedMs,
  },
];
