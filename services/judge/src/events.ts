import type { Counter, Histogram, Metrics } from "@synod/telemetry";

/** What is measured of verdicts. */
export interface JudgeEvents {
  /** Verdicts of juries, by their kind. */
  readonly verdicts: Counter<"kind">;
  /** Votes of judges, by what they said: `right`, `wrong`, `unsure`, or the reason why they said nothing. */
  readonly votes: Counter<"result">;
  /** Calls that were made for votes. More than the votes when replies had to be repaired. */
  readonly calls: Counter;
  /** How long a vote took, repair included, in seconds. */
  readonly duration: Histogram<"result">;
}

/** Declares what is measured of verdicts. */
export function judgeEvents(metrics: Metrics): JudgeEvents {
  return {
    verdicts: metrics.counter("synod_verdicts_total", "Verdicts of juries by their kind", ["kind"]),
    votes: metrics.counter("synod_judge_votes_total", "Votes of judges by what they said", ["result"]),
    calls: metrics.counter("synod_judge_calls_total", "Calls that were made for votes, repairs included"),
    duration: metrics.histogram("synod_judge_vote_duration_seconds", "Time that a vote of a judge took", [
      "result",
    ]),
  };
}
