import type { Deployment } from "../children/synod.js";
import type { VoterEnd } from "../upstream/upstream.js";
import { percentile, type Spread, spread } from "../stats.js";
import type { Draw } from "./draw.js";

/** One sample of early stops. Times in milliseconds. */
export interface EarlyStopSample {
  /** Of each question, stopped early and waiting for all. */
  readonly stoppedMs: readonly number[];
  readonly allMs: readonly number[];
  /** How the calls of the runs that were stopped early ended. */
  readonly ends: readonly VoterEnd[];
}

/** What stopping early came to, over all repeats. Null: it has no meaning here. */
export interface EarlyStopLine {
  readonly deployment: Deployment;
  readonly questions: number;
  /** Mean time of a question, stopped early, over that of the ideal: the answer that decides, and nothing added. */
  readonly overIdeal: Spread | null;
  /** Mean time stopped early over waiting for all; and what that is in the ideal. */
  readonly overAll: Spread | null;
  readonly idealOverAll: number;
  /** From the end of the answer that decides to the close of the last outstanding connection, at the upstream: the 95th percentile. */
  readonly closedMs: Spread | null;
  /** The share of the calls that were left before their end. */
  readonly left: Spread | null;
}

/** Sums up the samples of a deployment. */
export function earlyStopLineOf(
  deployment: Deployment,
  draws: readonly Draw[],
  samples: readonly EarlyStopSample[],
): EarlyStopLine {
  const idealMs = mean(draws.map(({ decidedMs }) => decidedMs));
  return {
    deployment,
    questions: draws.length,
    overIdeal: spread(samples.map(({ stoppedMs }) => mean(stoppedMs) / idealMs)),
    overAll: spread(samples.map(({ stoppedMs, allMs }) => mean(stoppedMs) / mean(allMs))),
    idealOverAll: idealMs / mean(draws.map(({ allMs }) => allMs)),
    closedMs: spread(samples.map(({ ends }) => percentile(closingTimes(draws, ends), 0.95))),
    left: spread(samples.map(({ ends }) => ends.filter(({ aborted }) => aborted).length / ends.length)),
  };
}

/** For each run with calls that were left: how long after the answer that decides the last of them was closed. */
export function closingTimes(draws: readonly Draw[], ends: readonly VoterEnd[]): readonly number[] {
  return draws.flatMap(({ decidedBy }, run) => {
    const own = ends.filter((end) => end.run === run);
    const decided = own.find(({ model }) => model === decidedBy);
    const left = own.filter(({ aborted }) => aborted).map(({ endedMs }) => endedMs);
    return decided === undefined || left.length === 0 ? [] : [Math.max(...left) - decided.endedMs];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
