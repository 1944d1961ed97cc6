import type { Abstention } from "../answers/abstention.js";
import type { Finding } from "../judging/verdict.js";
import type { FieldAgreement, StrategyName } from "../strategies/strategy.js";
import type { FinishReason, RunEvent, RunResult, RunStop } from "./event.js";
import type { Failure } from "./failure.js";
import { memberRecords } from "./record-members.js";
import { answerOf, dissentOf } from "./record-answer.js";
import { savedCalls } from "./record-calls.js";
import { confidenceIn, degradationsOf, judgeRecord, validationOf } from "./record-quality.js";
import { spendingOf } from "./spending.js";
import type { Usage } from "./usage.js";

/** What did not go as configured. */
export type Degradation =
  | "aggregator_unavailable"
  | "judge_unavailable"
  | "member_failed"
  | "stopped_by_deadline"
  | "stopped_by_budget"
  | "cost_unknown";

/** One member, in one round, with one sample. */
export interface MemberRecord {
  readonly model: string;
  /** Empty when none answered. */
  readonly servedModel: string;
  readonly round: number;
  readonly sample: number;
  readonly status: "answered" | "abstained" | "failed" | "cancelled";
  /** Empty when it did not answer. */
  readonly answerKey: string;
  readonly counted: boolean;
  /** Why its answer has no vote. Null when it has one, and when there is no answer. */
  readonly abstention: Abstention | null;
  /** Null when no upstream call was started. */
  readonly usage: Usage | null;
  readonly latencyMs: number;
  /** Null when there was no token. */
  readonly firstTokenMs: number | null;
  readonly finishReason: FinishReason | null;
  readonly truncated: boolean;
  readonly failure: Failure | null;
  /**
   * How much higher the agreement is with its answer than without it, -1 to 1. Null where votes do not decide, and when
   * nothing is left without it.
   */
  readonly influence: number | null;
  /** Whether another answer would have won without its answer. */
  readonly swings: boolean;
  /** The fallback that was asked too since the member was slow, and whether the answer is the fallback's. Null for none. */
  readonly hedge: { readonly model: string; readonly won: boolean } | null;
}

/** How an answer came about: what the `consensus` object of an answer says. Read from the run's events alone. */
export interface RunRecord {
  readonly preset: string;
  readonly strategy: StrategyName;
  readonly rounds: number;
  readonly simulated: boolean;
  readonly agreement: number | null;
  /** The probability that the answer is right, after correcting for correlated members; null when unknown. */
  readonly confidence: number | null;
  readonly validated: boolean | null;
  /** Null while the run goes on and when there is no answer. */
  readonly stopped: RunStop | null;
  readonly degraded: readonly Degradation[];
  readonly members: readonly MemberRecord[];
  readonly dissent: readonly { readonly answerKey: string; readonly models: readonly string[] }[];
  /** Null when the judge is off. `verdict` is null when none was reached. */
  readonly judge: {
    readonly verdict: "right" | "wrong" | "unsure" | null;
    readonly findings: readonly Finding[];
    /** How many answers were judged: 1 + the regenerations. */
    readonly attempts: number;
  } | null;
  readonly calls: { readonly made: number; readonly saved: number };
  /** Whether two or more answers were level, so that weights or a stable hash decided. */
  readonly tieBroken: boolean;
  /** How far the voters agree on each value of a structured answer. Empty for other answers. */
  readonly fields: readonly FieldAgreement[];
  /** Why the answer does not have the shape that was asked for. Null when it has it, and when none was asked for. */
  readonly formatProblem: string | null;
  /** The sum over every upstream call, whose cost is null when one of them is of unknown price. */
  readonly usage: Usage;
  /** Null while the run goes on. */
  readonly result: RunResult | null;
}

/**
 * Reads the record of a run from its events, in their order. Works on their beginning too, so it also says how far a
 * run is. Throws an Error when the first event is not `run_started`.
 *
 * `calls.made` counts every upstream call that was started, the repeated and the cancelled ones included. `calls.saved`
 * counts planned calls that were not needed: rounds that were not asked because the answers were settled, models that
 * were not asked because the answers agree, members that were not asked because those who were asked first were enough,
 * and members that were stopped because they could not change the winner any more, or hardly (these were started, so they
 * are in both).
 */
export function recordOf(events: readonly RunEvent[]): RunRecord {
  const [first] = events;
  if (first?.type !== "run_started") throw new Error("the events of a run begin with run_started");
  const { spec } = first;
  const result = events.find((event) => event.type === "run_finished")?.result ?? null;
  const answer = answerOf(events, spec);
  const { usage, calls } = spendingOf(events, spec);
  return {
    preset: spec.preset,
    strategy: spec.aggregation.strategy,
    rounds: new Set(events.flatMap((event) => (event.type === "round_started" ? [event.round] : []))).size,
    simulated: spec.simulated,
    agreement: answer?.outcome.agreement ?? null,
    confidence: answer === null ? null : confidenceIn(answer, events, spec),
    validated:
      result?.status === "failed" || result?.status === "cancelled" ? null : validationOf(events, answer),
    stopped: result?.status === "completed" ? result.stopped : null,
    degraded: degradationsOf(events, usage),
    members: memberRecords(events, spec),
    dissent: answer === null ? [] : dissentOf(answer, events, spec),
    judge: judgeRecord(events, spec),
    calls: { made: calls, saved: savedCalls(events, spec) },
    tieBroken: answer?.outcome.tieBroken ?? false,
    fields: answer?.outcome.fields ?? [],
    formatProblem: answer?.outcome.formatProblem ?? null,
    usage,
    result,
  };
}
