import { castBallots } from "../answers/ballots.js";
import type { AnswerFormat } from "../answers/format.js";
import { type CompletionContent, answerIn, isRefusal, isUsable } from "../answers/usable.js";
import type { RoundStop } from "../run/event.js";
import type { Answer, Voter } from "../strategies/strategy.js";
import { losslessStop } from "./lossless.js";

/** What decides when a round ends. */
export interface RoundRules {
  /** Everyone who is asked, and what their vote weighs. */
  readonly voters: readonly { readonly voter: Voter; readonly weight: number }[];
  /** Usable answers needed, 1 or more. */
  readonly quorum: number;
  readonly stopEarly: "off" | "lossless";
  readonly answerFormat: AnswerFormat;
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
  /** Whether the grace was started. It is started once. */
  readonly graceStarted: boolean;
}

/** What happens in a round. */
export type RoundHappening =
  | { readonly type: "answered"; readonly voter: Voter; readonly completion: CompletionContent }
  | { readonly type: "failed"; readonly voter: Voter }
  | { readonly type: "grace_over" };

/** What to do next: wait; wait at most the grace from now on; or stop and cancel what is outstanding. */
export type RoundDecision =
  | { readonly type: "wait" }
  | { readonly type: "start_grace" }
  | { readonly type: "stop"; readonly stop: RoundStop };

/** A round in which nobody has answered. */
export const newRound: RoundProgress = {
  answers: [],
  answered: [],
  failed: [],
  refusals: 0,
  usable: 0,
  graceStarted: false,
};

/**
 * Says what a round does after something happened. Pure: the round service holds the calls and the timer, nothing else.
 *
 * The round stops when all are in (`complete`), when no outstanding vote can change the winner and the quorum is in
 * (`lossless`), when the grace is over with the quorum in (`quorum`), or when the quorum is out of reach
 * (`quorum_lost`). While nobody has answered but with a refusal and the quorum is lost, the others get the grace: only
 * then can "all failed" and "all refused" be told from "too few answered".
 */
export function roundStep(
  rules: RoundRules,
  progress: RoundProgress,
  happening: RoundHappening,
): { readonly progress: RoundProgress; readonly decision: RoundDecision } {
  const next = fold(rules, progress, happening);
  const decision = decide(rules, next, happening);
  return { progress: decision.type === "start_grace" ? { ...next, graceStarted: true } : next, decision };
}

function fold(rules: RoundRules, progress: RoundProgress, happening: RoundHappening): RoundProgress {
  switch (happening.type) {
    case "answered": {
      const { voter, completion } = happening;
      const weight = rules.voters.find((v) => isSame(v.voter, voter))?.weight ?? 1;
      const truncated = completion.finishReason === "length";
      const answers =
        answerIn(completion, null) !== null
          ? [...progress.answers, { voter, text: completion.text, weight, truncated }]
          : progress.answers;
      const usable = progress.usable + (isUsable(completion, rules.answerFormat) ? 1 : 0);
      const refusals = progress.refusals + (isRefusal(completion) ? 1 : 0);
      return { ...progress, answers, answered: [...progress.answered, voter], refusals, usable };
    }
    case "failed":
      return { ...progress, failed: [...progress.failed, happening.voter] };
    case "grace_over":
      return progress;
    default:
      return happening satisfies never;
  }
}

function decide(rules: RoundRules, progress: RoundProgress, happening: RoundHappening): RoundDecision {
  const outstanding = outstandingVoters(rules, progress);
  const { usable, graceStarted } = progress;
  if (usable + outstanding.length < rules.quorum) {
    const nobodyAnswered = progress.answered.length === progress.refusals;
    const undecided = nobodyAnswered && outstanding.length > 0 && happening.type !== "grace_over";
    if (undecided) return graceStarted ? { type: "wait" } : { type: "start_grace" };
    return { type: "stop", stop: "quorum_lost" };
  }
  if (outstanding.length === 0) return { type: "stop", stop: "complete" };
  if (usable < rules.quorum) return { type: "wait" };
  if (rules.stopEarly === "lossless" && isDecided(rules, progress, outstanding)) {
    return { type: "stop", stop: "lossless" };
  }
  if (happening.type === "grace_over") return { type: "stop", stop: "quorum" };
  return graceStarted ? { type: "wait" } : { type: "start_grace" };
}

/** The voters that are still writing, in the order of the panel. */
export function outstandingVoters(rules: RoundRules, progress: RoundProgress): RoundRules["voters"] {
  const done = [...progress.answered, ...progress.failed];
  return rules.voters.filter(({ voter }) => !done.some((other) => isSame(voter, other)));
}

function isDecided(rules: RoundRules, progress: RoundProgress, outstanding: RoundRules["voters"]): boolean {
  const ballots = castBallots(progress.answers, rules.answerFormat);
  return losslessStop({ ballots, outstanding }, "plurality");
}

function isSame(a: Voter, b: Voter): boolean {
  return a.member === b.member && a.sample === b.sample;
}
