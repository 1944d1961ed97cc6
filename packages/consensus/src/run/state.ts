import type { Finding } from "../judging/verdict.js";
import type { Answer, Outcome } from "../strategies/strategy.js";
import type { Message, ToolCall } from "./conversation.js";
import type { RoundStop, RunResult, RunStop } from "./event.js";
import type { MemberEvent } from "./member-event.js";
import type { RunSpec } from "./spec.js";
import type { Spending } from "./spending.js";

/** The answer that would go out now. */
export interface Draft {
  /** Empty when it is calls of tools. */
  readonly text: string;
  /** The calls of tools that are the answer. Unset when it is a text. */
  readonly toolCalls?: readonly ToolCall[];
  readonly agreement: number | null;
}

/** What a run knows in every phase that is not its first or last. */
export interface Course {
  readonly spec: RunSpec;
  /** The caller's conversation. */
  readonly messages: readonly Message[];
  /** The last round that was asked, from 1. */
  readonly round: number;
  /** 0 for none. */
  readonly regeneration: number;
  /** The answers of the last round, in the order of the panel. */
  readonly answers: readonly Answer[];
  /** How the last round ended. */
  readonly roundStop: RoundStop;
  /** Null while there is no aggregate. */
  readonly draft: Draft | null;
  /** The outcomes of all rounds so far, the kept and the dropped ones. */
  readonly outcomes: readonly Outcome[];
  /** How many answers went to the judges. */
  readonly attempts: number;
  /** What the last judges found wrong. */
  readonly findings: readonly Finding[];
  readonly spending: Spending;
}

/** Where a run stands. Plain data: it can be printed, compared and folded again from the events. */
export type RunState =
  | { readonly phase: "new" }
  | { readonly phase: "asking"; readonly course: Course; readonly members: readonly MemberEvent[] }
  | { readonly phase: "aggregating"; readonly course: Course; readonly concluding: RunStop | null }
  | { readonly phase: "judging"; readonly course: Course; readonly stopped: RunStop }
  | { readonly phase: "regenerating"; readonly course: Course }
  | { readonly phase: "finishing"; readonly result: RunResult }
  | { readonly phase: "finished"; readonly result: RunResult };

/** The state before `run_started`. */
export const newRun: RunState = { phase: "new" };
