import type { Finding } from "../judging/verdict.js";
import type { StrategyName } from "../strategies/strategy.js";
import type { FinishReason, RunEvent, RunResult, RunStop } from "./event.js";
import type { Failure } from "./failure.js";
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
  /** Null when nothing was paid. */
  readonly usage: Usage | null;
  readonly latencyMs: number;
  /** Null when there was no token. */
  readonly firstTokenMs: number | null;
  readonly finishReason: FinishReason | null;
  readonly truncated: boolean;
  readonly failure: Failure | null;
}

/** How an answer came about: what the `consensus` object of an answer says. Read from the run's events alone. */
export interface RunRecord {
  readonly preset: string;
  readonly strategy: StrategyName;
  readonly rounds: number;
  readonly simulated: boolean;
  readonly agreement: number | null;
  /** After correcting for correlated members; null when unknown. */
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
  /** The sum over every upstream call, whose cost is null when one of them is of unknown price. */
  readonly usage: Usage;
  /** Null while the run goes on. */
  readonly result: RunResult | null;
}

/** Reads the record of a run from its events, in their order. Works on a part of them too. */
export declare function recordOf(events: readonly RunEvent[]): RunRecord;
