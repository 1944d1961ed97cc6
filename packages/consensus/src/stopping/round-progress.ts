import { answerIn, type CompletionContent, isRefusal, isUsable } from "../answers/usable.js";
import { isSameVoter } from "../run/voters.js";
import type { Answer, Voter } from "../strategies/strategy.js";
import { agreeSoFar, earlyStop } from "./early-stop.js";
import type { RoundDecision, RoundHappening, RoundProgress, RoundRules } from "./round-rules.js";

/**
 * Says what a round does after something happened. Pure: the round service holds the calls and the timer, nothing else.
 *
 * The round stops when all are in (`complete`), when the quorum is in and no outstanding vote can change the winner
 * (`lossless`) or the winner is certain enough (`confident`), when the grace is over with the quorum in (`quorum`), or
 * when the quorum is out of reach (`quorum_lost`). While nobody has answered but with a refusal and the quorum is lost,
 * the others get the grace: only then can "all failed" and "all refused" be told from "too few answered".
 *
 * While only some are asked it stops when all of them say the same (`agreed`). The others are asked as soon as one of
 * these fails, abstains or says something else, and when the grace after the first usable answer is over.
 */
export function roundStep(
  rules: RoundRules,
  progress: RoundProgress,
  happening: RoundHappening,
): { readonly progress: RoundProgress; readonly decision: RoundDecision } {
  const next = fold(rules, progress, happening);
  const decision = decide(rules, next, happening);
  return { progress: noted(next, decision), decision };
}

function fold(rules: RoundRules, progress: RoundProgress, happening: RoundHappening): RoundProgress {
  switch (happening.type) {
    case "answered": {
      const { voter, completion } = happening;
      const said = answerIn(completion, rules.tools ?? null);
      const answers =
        said === null ? progress.answers : [...progress.answers, answerOf(rules, voter, said, completion)];
      const usable = progress.usable + (isUsable(completion, rules.answerFormat, rules.tools) ? 1 : 0);
      const refusals = progress.refusals + (isRefusal(completion) ? 1 : 0);
      return { ...progress, answers, answered: [...progress.answered, voter], refusals, usable };
    }
    case "failed":
      return { ...progress, failed: [...progress.failed, happening.voter] };
    case "grace_over":
    case "rest_asked":
      return progress;
    default:
      return happening satisfies never;
  }
}

function answerOf(
  rules: RoundRules,
  voter: Voter,
  said: Pick<Answer, "text" | "toolCalls">,
  { finishReason }: CompletionContent,
): Answer {
  const { weight = 1, accuracy } = rules.voters.find((other) => isSameVoter(other.voter, voter)) ?? {};
  const answer = { voter, ...said, weight, truncated: finishReason === "length" };
  return accuracy === undefined ? answer : { ...answer, accuracy };
}

function noted(progress: RoundProgress, { type }: RoundDecision): RoundProgress {
  if (type === "start_grace") return { ...progress, graceStarted: true };
  return type === "ask_rest" ? { ...progress, restAsked: true, graceStarted: false } : progress;
}

function decide(rules: RoundRules, progress: RoundProgress, happening: RoundHappening): RoundDecision {
  const outstanding = outstandingVoters(rules, progress);
  if (outstanding.length > 0 && progress.usable >= rules.quorum) {
    const stop = earlyStop(rules, progress, outstanding);
    if (stop !== null) return { type: "stop", stop };
  }
  return progress.restAsked || rules.first >= rules.voters.length
    ? decideAmongAll(rules, progress, happening, outstanding.length)
    : decideAmongFirst(rules, progress, happening);
}

function decideAmongAll(
  rules: RoundRules,
  { usable, graceStarted, answered, refusals }: RoundProgress,
  happening: RoundHappening,
  outstanding: number,
): RoundDecision {
  const grace: RoundDecision = graceStarted ? { type: "wait" } : { type: "start_grace" };
  if (usable + outstanding < rules.quorum) {
    const nobodyAnswered = answered.length === refusals;
    const undecided = nobodyAnswered && outstanding > 0 && happening.type !== "grace_over";
    return undecided ? grace : { type: "stop", stop: "quorum_lost" };
  }
  if (outstanding === 0) return { type: "stop", stop: "complete" };
  if (usable < rules.quorum) return { type: "wait" };
  return happening.type === "grace_over" ? { type: "stop", stop: "quorum" } : grace;
}

function decideAmongFirst(
  rules: RoundRules,
  progress: RoundProgress,
  happening: RoundHappening,
): RoundDecision {
  const { usable, answered, failed, graceStarted } = progress;
  const done = answered.length + failed.length;
  const agree = usable === done && agreeSoFar(rules, progress);
  if (!agree || happening.type === "grace_over") return { type: "ask_rest" };
  if (done === rules.first) return { type: "stop", stop: "agreed" };
  return graceStarted ? { type: "wait" } : { type: "start_grace" };
}

/** The voters that are still writing or were not asked yet, in the order of the panel. */
export function outstandingVoters(rules: RoundRules, progress: RoundProgress): RoundRules["voters"] {
  const done = [...progress.answered, ...progress.failed];
  return rules.voters.filter(({ voter }) => !done.some((other) => isSameVoter(voter, other)));
}
