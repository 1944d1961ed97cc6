import type { Answer } from "../strategies/strategy.js";
import type { Message } from "./conversation.js";
import type { RunResult } from "./event.js";

/**
 * What a run wants done next. The runner does it and appends the events that come of it:
 *
 * - `ask_round`: `round_started`, the members' events, `round_ended`.
 * - `aggregate`: `aggregator_called` for each call, then `aggregated` or `aggregation_failed`.
 * - `judge`: `judged` or `judge_failed`.
 * - `regenerate`: `regeneration_started`, at once.
 * - `finish`: `run_finished`, at once. What is outstanding is cancelled.
 */
export type RunCommand =
  | {
      readonly type: "ask_round";
      readonly round: number;
      readonly regeneration: number;
      readonly messages: readonly Message[];
    }
  | {
      readonly type: "aggregate";
      readonly round: number;
      readonly answers: readonly Answer[];
      /** Whether this is sure to be the answer that goes out, so that its text may be streamed as it is written. */
      readonly final: boolean;
      /** What made the last answer wrong, for a regeneration without a round. Empty otherwise. */
      readonly messages: readonly Message[];
    }
  | { readonly type: "judge"; readonly attempt: number; readonly answer: string }
  | { readonly type: "regenerate"; readonly regeneration: number }
  | { readonly type: "finish"; readonly result: RunResult };
