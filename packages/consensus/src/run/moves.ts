import { isUnanimous } from "../answers/ballots.js";
import { strategies } from "../strategies/registry.js";
import { stableHash } from "../voting/stable-hash.js";
import type { Answer } from "../strategies/strategy.js";
import type { RunCommand } from "./command.js";
import type { Message } from "./conversation.js";
import type { RunStop } from "./event.js";
import { fallbackOutcome, unanimousOutcome } from "./local-outcome.js";
import { votesOf } from "../strategies/plurality.js";
import { isBudgetSpent } from "./spending.js";
import type { Course, RunState } from "./state.js";
import { completed } from "./endings.js";

/** What a run does after an event: where it stands, and what it wants done. */
export interface NextStep {
  readonly state: RunState;
  readonly commands: readonly RunCommand[];
}

/** Wants nothing. */
export function stay(state: RunState): NextStep {
  return { state, commands: [] };
}

/** Asks all members, who see `messages`. */
export function askRound(course: Course, messages: readonly Message[]): NextStep {
  const round = course.round + 1;
  return {
    state: { phase: "asking", course: { ...course, round }, members: [] },
    commands: [{ type: "ask_round", round, regeneration: course.regeneration, messages }],
  };
}

/**
 * Has one answer made of the last round's. The aggregator is not asked when the answers agree and the preset says so,
 * nor when the budget is spent: then the best answer so far goes out, or what can be said without a model.
 * `findings`: what made the last answer wrong, for a regeneration without a round.
 */
export function aggregate(course: Course, findings: readonly Message[] = []): NextStep {
  const { spec, answers, round } = course;
  const { needsModel } = strategies[spec.aggregation.strategy];
  if (
    needsModel &&
    spec.aggregation.when === "disagree" &&
    isUnanimous(votesOf(answers, spec.answerFormat))
  ) {
    return conclude(course, null);
  }
  if (needsModel && isBudgetSpent(course.spending, spec.budget)) {
    return course.draft === null ? conclude(course, "budget") : completed(course.draft, "budget");
  }
  const { context, prompt } = spec.aggregation;
  const ownMessages = context.length + prompt.length > 0;
  return {
    state: { phase: "aggregating", course, concluding: null },
    commands: [
      {
        type: "aggregate",
        round,
        answers,
        final: isFinal(course, answers),
        seed: callSeed(course),
        prompt: ownMessages ? [...prompt, ...findings] : [],
        messages: findings,
      },
    ],
  };
}

/** Makes the outcome here, without a call. `stopped`: why the run ends with it; null when it goes on. */
export function conclude(course: Course, stopped: RunStop | null, aggregatorUnavailable = false): NextStep {
  const outcome =
    stopped === null && !aggregatorUnavailable
      ? unanimousOutcome(course)
      : fallbackOutcome(course, aggregatorUnavailable);
  return {
    state: { phase: "aggregating", course, concluding: stopped },
    commands: [{ type: "conclude", round: course.round, outcome }],
  };
}

/** Whether the next aggregate is sure to go out: no gate can reject it, no round and no earlier answer replace it. */
function isFinal(course: Course, answers: readonly Answer[]): boolean {
  const { spec, round } = course;
  if (spec.judge.mode === "gate") return false;
  if (strategies[spec.aggregation.strategy].votes && round > 1) return false;
  if (round >= spec.rounds.max) return true;
  return spec.rounds.stopWhen === "stable" && isUnanimous(votesOf(answers, spec.answerFormat));
}

function callSeed({ spec, round, regeneration }: Course): number {
  return stableHash(`${spec.seed} ${round} ${regeneration}`);
}
