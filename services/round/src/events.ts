import type { RoundStop } from "@synod/consensus";
import type { Counter, Histogram, Metrics } from "@synod/telemetry";

/** What is measured of rounds. */
export interface RoundEvents {
  /** Rounds by why they ended: a `RoundStop`, or `left` when the caller left or the deadline passed. */
  readonly rounds: Counter<"stop">;
  /** Answers asked for, by what became of them. */
  readonly voters: Counter<"result">;
  /** Failures of members, by their reason. */
  readonly failures: Counter<"reason">;
  /** Slow members: their fallback was asked too (`asked`), and its answer counts (`won`); or too many were hedged by then (`refused`). */
  readonly hedges: Counter<"result">;
  /** From asking to the end of the round, in seconds. */
  readonly duration: Histogram<"stop">;
}

/** How a round ended, as it is counted. */
export type CountedStop = RoundStop | "left";

/** Declares what is measured of rounds. */
export function roundEvents(metrics: Metrics): RoundEvents {
  return {
    rounds: metrics.counter("synod_rounds_total", "Rounds by why they ended", ["stop"]),
    voters: metrics.counter("synod_round_voters_total", "Answers asked for, by what became of them", [
      "result",
    ]),
    failures: metrics.counter("synod_round_failures_total", "Failures of members by their reason", [
      "reason",
    ]),
    hedges: metrics.counter("synod_round_hedges_total", "Members that were slow, by what became of it", [
      "result",
    ]),
    duration: metrics.histogram("synod_round_duration_seconds", "Time that a round took", ["stop"]),
  };
}
