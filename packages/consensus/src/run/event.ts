import type { Verdict } from "../judging/verdict.js";
import type { Outcome, Voter } from "../strategies/strategy.js";
import type { Message, ToolCall } from "./conversation.js";
import type { Failure } from "./failure.js";
import type { RunSpec } from "./spec.js";
import type { Spent, Usage } from "./usage.js";

/** Why a model stopped writing. `unknown` when its provider did not say in words that are known. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "unknown";

/** A whole answer of one model. */
export interface Completion {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Why the model refused, in its own words. Empty when it did not. */
  readonly refusal: string;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string;
  /** The model that was asked, fallbacks considered. */
  readonly model: string;
  /** The model that the provider says has answered. */
  readonly servedModel: string;
  readonly usage: Usage;
  readonly latencyMs: number;
  readonly firstTokenMs: number;
  /** Upstream calls started for it, 1 or more. */
  readonly attempts: number;
}

/** Why a round ended. `agreed`: those who were asked first agree, so that nobody else was asked. */
export type RoundStop = "complete" | "lossless" | "confident" | "agreed" | "quorum" | "quorum_lost";

/** Why a run asked no more. */
export type RunStop =
  | "complete"
  | "lossless"
  | "confident"
  | "quorum"
  | "stable"
  | "agreed"
  | "accepted"
  | "max_rounds"
  | "max_regenerations"
  | "deadline"
  | "budget";

/**
 * How a run ended. When the failure's reason is `refused`, every member refused: that is an answer about the content
 * (`finish_reason: content_filter`) and not an error.
 */
export type RunResult =
  | {
      readonly status: "completed";
      /** Empty when the answer is calls of tools. */
      readonly answer: string;
      /** The calls of tools that are the answer. Unset when it is a text. */
      readonly toolCalls?: readonly ToolCall[];
      readonly stopped: RunStop;
    }
  | { readonly status: "failed"; readonly failure: Failure }
  | { readonly status: "cancelled"; readonly failure: Failure };

/**
 * One thing that happened in a run. The list of them is the run; everything else (the answer's record, progress,
 * history, metrics) is read from it. Its wire form is `synod.chat.v1.RunEvent`.
 */
export type RunEvent =
  | { readonly type: "run_started"; readonly spec: RunSpec; readonly messages: readonly Message[] }
  | {
      readonly type: "round_started";
      readonly round: number;
      readonly regeneration: number;
      /** How many voters are asked now. */
      readonly voters: number;
    }
  | {
      /** The members that were not asked first are being asked. */
      readonly type: "rest_asked";
      readonly round: number;
      /** How many voters these are. */
      readonly voters: number;
    }
  | {
      /** A member let its round wait, so that its first fallback was asked too. */
      readonly type: "member_hedged";
      readonly round: number;
      readonly voter: Voter;
      /** The fallback. */
      readonly model: string;
    }
  | {
      readonly type: "member_answered";
      readonly round: number;
      readonly voter: Voter;
      /** With what a call that lost against it used and cost. */
      readonly completion: Completion;
      /** Whether it is the answer of the fallback that was asked too. False when unset. */
      readonly hedgeWon?: boolean;
    }
  | {
      readonly type: "member_failed";
      readonly round: number;
      readonly voter: Voter;
      readonly failure: Failure;
      /** What its upstream calls used and cost all the same; null when none was started. */
      readonly usage: Usage | null;
      /** Upstream calls that were started, fallbacks included. One when unset, none without a usage. */
      readonly attempts?: number;
      readonly latencyMs: number;
    }
  | {
      readonly type: "member_cancelled";
      readonly round: number;
      readonly voter: Voter;
      /** What is known of what its calls used; nothing when unset. */
      readonly usage?: Usage;
      /** Upstream calls that were started as far as is known. One when unset. */
      readonly attempts?: number;
      readonly latencyMs: number;
    }
  | {
      readonly type: "round_ended";
      readonly round: number;
      readonly stop: RoundStop;
      readonly usable: number;
      readonly quorum: number;
    }
  | {
      readonly type: "aggregator_called";
      readonly round: number;
      readonly model: string;
      /** Null when no upstream call was started. */
      readonly usage: Usage | null;
      readonly failure: Failure | null;
      readonly latencyMs: number;
      /** Whether its answer reached its limit of tokens, so that the text is cut. False when unset. */
      readonly truncated?: boolean;
      /** The version of the prompt that it was asked with. Unknown when unset. */
      readonly promptVersion?: string;
      /** The position of the member that was asked. Unset for the aggregator. */
      readonly member?: number;
      /** Upstream calls that were started for it, fallbacks included. One when unset, none without a usage. */
      readonly attempts?: number;
    }
  | {
      readonly type: "aggregated";
      readonly round: number;
      readonly outcome: Outcome;
      /** Whether the aggregator was not asked: the answers agree, the budget or the time is spent, or it could not be reached. */
      readonly aggregatorSkipped: boolean;
    }
  | {
      readonly type: "aggregation_failed";
      readonly round: number;
      readonly failure: Failure;
      /** Whether a part of its text had gone out to the caller, so that no other text may follow. False when unset. */
      readonly textSent?: boolean;
      /** What was spent on calls of the aggregator that were not reported; nothing when unset. */
      readonly spent?: Spent;
    }
  | { readonly type: "judged"; readonly attempt: number; readonly verdict: Verdict }
  | {
      readonly type: "judge_failed";
      readonly attempt: number;
      readonly failure: Failure;
      /** What was spent on calls of judges that were not reported; nothing when unset. */
      readonly spent?: Spent;
    }
  | { readonly type: "regeneration_started"; readonly regeneration: number }
  | {
      readonly type: "deadline_reached";
      /** Whether a part of a text had gone out to the caller, so that no other text may follow. False when unset. */
      readonly textSent?: boolean;
    }
  | {
      /** The run was given up before it was over. */
      readonly type: "caller_left";
      /** Why: its caller left, somebody asked for its end, or who carries it out stops. */
      readonly failure: Failure;
    }
  | { readonly type: "run_finished"; readonly result: RunResult };
