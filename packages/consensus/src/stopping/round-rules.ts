import type { AnswerFormat } from "../answers/format.js";
import type { OfferedTools } from "../answers/offered-tools.js";
import type { CompletionContent } from "../answers/usable.js";
import type { RoundStop } from "../run/event.js";
import type { Answer, Voter } from "../strategies/strategy.js";
import type { Statistic } from "../voting/statistic.js";
import type { Voice } from "../voting/weighted.js";

/** What decides when a round ends. */
export interface RoundRules {
  /** Everyone who may be asked, and what their vote weighs. */
  readonly voters: readonly (Voice & { readonly voter: Voter })[];
  /** How many of them, from the first one on, are asked at the start: 1 to all. The others are asked if these disagree. */
  readonly first: number;
  /** Usable answers needed, 1 or more. Those who are asked first are enough when they agree. */
  readonly quorum: number;
  readonly stopEarly: "off" | "lossless" | "confident";
  /** The probability that `confident` needs, 0.5 to 1. */
  readonly stopConfidence: number;
  /** What decides between the answers in the end. */
  readonly statistic: Statistic;
  /** The family of each member, by its position in the panel. Each is its own when unset. */
  readonly families?: readonly string[];
  readonly answerFormat: AnswerFormat;
  /** The tools that members may call: calls vote then. None when unset. */
  readonly tools?: OfferedTools;
}

/** How far a round is. */
export interface RoundProgress {
  readonly answers: readonly Answer[];
  readonly answered: readonly Voter[];
  readonly failed: readonly Voter[];
  /** How many of those who answered refused. */
  readonly refusals: number;
  /** Answers that have a vote. */
  readonly usable: number;
  /** Whether the grace was started. It is started once, and once more when the others are asked. */
  readonly graceStarted: boolean;
  /** Whether those who were not asked first are asked by now. */
  readonly restAsked: boolean;
}

/** What happens in a round. */
export type RoundHappening =
  | { readonly type: "answered"; readonly voter: Voter; readonly completion: CompletionContent }
  | { readonly type: "failed"; readonly voter: Voter }
  | { readonly type: "grace_over" }
  /** What `ask_rest` wanted was done. */
  | { readonly type: "rest_asked" };

/**
 * What to do next: wait; wait at most the grace from now on; ask those who were not asked first, forget the grace, and
 * say so with `rest_asked`; or stop and cancel what is outstanding.
 */
export type RoundDecision =
  | { readonly type: "wait" }
  | { readonly type: "start_grace" }
  | { readonly type: "ask_rest" }
  | { readonly type: "stop"; readonly stop: RoundStop };

/** A round in which nobody has answered. */
export const newRound: RoundProgress = {
  answers: [],
  answered: [],
  failed: [],
  refusals: 0,
  usable: 0,
  graceStarted: false,
  restAsked: false,
};
