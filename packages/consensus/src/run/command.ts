import type { Answer, Outcome } from "../strategies/strategy.js";
import type { Message } from "./conversation.js";
import type { RunResult } from "./event.js";

/**
 * What a run wants done next. The runner does it and appends the events that come of it:
 *
 * - `ask_round`: `round_started`, the members' events, `round_ended`.
 * - `aggregate`: `aggregator_called` for each call, then `aggregated` or `aggregation_failed`.
 * - `conclude`: `aggregated` with the outcome and `aggregatorSkipped: true`, at once.
 * - `judge`: `judged` or `judge_failed`.
 * - `regenerate`: `regeneration_started`, at once.
 * - `finish`: `run_finished`, at once. What is outstanding is cancelled.
 *
 * There is never more than one command at a time. After `caller_left` it is `finish`; after `deadline_reached` it is
 * `finish`, or `conclude` and then `finish`. These take the place of the command that is being done.
 */
export type RunCommand =
  | {
      readonly type: "ask_round";
      readonly round: number;
      readonly regeneration: number;
      /** The conversation that every member sees, whole. */
      readonly messages: readonly Message[];
    }
  | {
      readonly type: "aggregate";
      readonly round: number;
      readonly answers: readonly Answer[];
      /**
       * Whether this is sure to be the answer that goes out, so that its text may be streamed as it is written. If it
       * fails or the deadline passes after that, `aggregation_failed` or `deadline_reached` says so with `textSent`.
       */
      readonly final: boolean;
      /** Shuffles the labels of this call, 0 to 2^32 - 1. */
      readonly seed: number;
      /** The messages after the answers: the preset's, and with these what made the last answer wrong. */
      readonly prompt: readonly Message[];
      /**
       * What made the last answer wrong, for a regeneration without a round: to be appended to the conversation, which
       * all prompts show but a writer's with the preset's own messages. Empty otherwise.
       */
      readonly messages: readonly Message[];
    }
  | { readonly type: "conclude"; readonly round: number; readonly outcome: Outcome }
  | {
      readonly type: "judge";
      readonly attempt: number;
      /** The answer in words: calls of tools as their JSON. */
      readonly answer: string;
      /** Whether the answer is these words, so that they may go out before the verdict. */
      readonly isText: boolean;
    }
  | { readonly type: "regenerate"; readonly regeneration: number }
  | { readonly type: "finish"; readonly result: RunResult };
