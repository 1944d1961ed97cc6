import { isUnanimous } from "../answers/ballots.js";
import { strategies } from "../strategies/registry.js";
import type { Outcome } from "../strategies/strategy.js";
import { isEmptyOutcome, saidIn } from "./said-in.js";
import { completed, failed } from "./endings.js";
import type { RoundStop, RunEvent, RunStop } from "./event.js";
import { improvementConversation } from "./improvement.js";
import { askRound, conclude, type NextStep } from "./moves.js";
import { isBudgetSpent } from "./spending.js";
import { replaces, settledBy } from "./stability.js";
import type { Course, Draft, RunState } from "./state.js";

type Aggregating = Extract<RunState, { readonly phase: "aggregating" }>;

/** Goes on after an aggregation: to another round, to the judges, or to the end. Neither text nor calls is a failure. */
export function aggregated({ course, concluding }: Aggregating, outcome: Outcome): NextStep {
  if (isEmptyOutcome(outcome)) {
    return withoutAggregate(course, "The aggregation gave an empty answer.");
  }
  const { spec } = course;
  const options = {
    votesDecide: strategies[spec.aggregation.strategy].votes,
    regenerating: course.regeneration > 0,
  };
  const draft = replaces(outcome, course.draft, options) ? draftOf(outcome) : course.draft;
  const next: Course = { ...course, draft, outcomes: [...course.outcomes, outcome] };
  if (draft === null) return withoutAggregate(course, "The aggregation gave no answer.");
  if (concluding !== null) return completed(draft, concluding);
  const stopped = stopOf(next);
  if (stopped !== null) return answerReady(next, draft, stopped);
  if (isBudgetSpent(next.spending, spec.budget)) return completed(draft, "budget");
  return askRound(next, improvementConversation(next.messages, saidIn(draft), spec));
}

/**
 * Goes on without the aggregation's outcome: with the earlier answer, or with what can be said without a model; to the
 * end when a part of the text had gone out already.
 */
export function aggregationFailed(
  { course }: Aggregating,
  { failure, textSent = false }: Extract<RunEvent, { readonly type: "aggregation_failed" }>,
): NextStep {
  if (textSent) return failed(failure);
  if (course.draft !== null && course.regeneration === 0)
    return answerReady(course, course.draft, "complete");
  return conclude(course, null, true);
}

/** An answer that would go out now goes to the judges, where there are any; else out. */
export function answerReady(course: Course, draft: Draft, stopped: RunStop): NextStep {
  const { judge, aggregation, budget } = course.spec;
  if (judge.mode === "off") return completed(draft, stopped);
  if (aggregation.when === "disagree" && course.regeneration === 0 && isAgreed(course))
    return completed(draft, stopped);
  if (isBudgetSpent(course.spending, budget)) return completed(draft, "budget");
  const attempt = course.attempts + 1;
  return {
    state: { phase: "judging", course: { ...course, attempts: attempt }, stopped },
    commands: [{ type: "judge", attempt, answer: saidIn(draft), isText: draft.toolCalls === undefined }],
  };
}

/**
 * Goes on with the earlier answer when a later round, or its aggregation, has none. One that was rejected has its
 * verdict already: no regeneration is left that could replace it.
 */
export function withoutNewAnswer(course: Course, draft: Draft): NextStep {
  return course.regeneration > 0
    ? completed(draft, "max_regenerations")
    : answerReady(course, draft, "complete");
}

function withoutAggregate(course: Course, message: string): NextStep {
  if (course.draft !== null) return withoutNewAnswer(course, course.draft);
  return failed({ reason: "aggregator_unavailable", message, retryable: true });
}

function draftOf({ text, toolCalls, agreement }: Outcome): Draft {
  return toolCalls === undefined ? { text, agreement } : { text, toolCalls, agreement };
}

function isAgreed({ outcomes }: Course): boolean {
  return isUnanimous(outcomes.at(-1)?.votes ?? []);
}

/** Why no more rounds are asked. Null to ask one more. A regeneration is one round, however it comes out. */
function stopOf({ spec, round, regeneration, roundStop, outcomes }: Course): RunStop | null {
  const { max, stopWhen } = spec.rounds;
  if (max === 1 || regeneration > 0) return ofRound(roundStop);
  const settled = stopWhen === "stable" ? settledBy(outcomes) : null;
  return settled ?? (round >= max ? "max_rounds" : null);
}

/** What a single round's end says of the run's. */
function ofRound(roundStop: RoundStop): RunStop {
  switch (roundStop) {
    case "complete":
    case "lossless":
    case "confident":
    case "agreed":
    case "quorum":
      return roundStop;
    case "quorum_lost":
      return "complete";
    default:
      return roundStop satisfies never;
  }
}
