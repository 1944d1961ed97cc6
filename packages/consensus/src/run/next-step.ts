import type { RunEvent } from "./event.js";
import { aggregated, aggregationFailed } from "./after-aggregation.js";
import { judgeFailed, judged, regenerated } from "./after-judging.js";
import { roundEnded } from "./after-round.js";
import { askRound, type NextStep, stay } from "./moves.js";
import { deadlineReached } from "./after-deadline.js";
import { cancelled } from "./endings.js";
import { noSpending, spend } from "./spending.js";
import type { Course, RunState } from "./state.js";
import { isSameVoter } from "./voters.js";

/**
 * Says what a run wants done after an event. Pure: the same events give the same commands.
 *
 * Throws an Error for an event that cannot happen in a phase: the log or the runner has a defect then. Once a run is
 * finishing, what the cancelled work still reports is taken without a command. A run that the runner cannot carry on is
 * finished as `failed` wherever it stands.
 */
export function nextStep(state: RunState, event: RunEvent): NextStep {
  const spent = withSpending(state, event);
  if (event.type === "caller_left" && isLive(spent)) return cancelled(event.failure);
  if (event.type === "deadline_reached" && isLive(spent)) {
    return deadlineReached(spent, event.textSent === true);
  }
  if (event.type === "run_finished" && event.result.status === "failed" && isLive(spent)) {
    return stay({ phase: "finished", result: event.result });
  }
  switch (spent.phase) {
    case "new":
      return event.type === "run_started" ? started(event) : unexpected(spent, event);
    case "asking":
      return asking(spent, event);
    case "aggregating":
      if (event.type === "aggregator_called") return stay(spent);
      if (event.type === "aggregated") return aggregated(spent, event.outcome);
      if (event.type === "aggregation_failed") return aggregationFailed(spent, event);
      return unexpected(spent, event);
    case "judging":
      if (event.type === "judged") return judged(spent, event.verdict);
      if (event.type === "judge_failed") return judgeFailed(spent, event.failure);
      return unexpected(spent, event);
    case "regenerating":
      return event.type === "regeneration_started" ? regenerated(spent.course) : unexpected(spent, event);
    case "finishing":
      if (event.type === "run_started") return unexpected(spent, event);
      return event.type === "run_finished" ? stay({ phase: "finished", result: event.result }) : stay(spent);
    case "finished":
      return unexpected(spent, event);
    default:
      return spent satisfies never;
  }
}

function started({ spec, messages }: Extract<RunEvent, { readonly type: "run_started" }>): NextStep {
  const course: Course = {
    spec,
    messages,
    round: 0,
    regeneration: 0,
    answers: [],
    roundStop: "complete",
    draft: null,
    outcomes: [],
    attempts: 0,
    findings: [],
    spending: noSpending,
  };
  return askRound(course, messages);
}

function asking(state: Extract<RunState, { readonly phase: "asking" }>, event: RunEvent): NextStep {
  switch (event.type) {
    case "round_started":
    case "rest_asked":
    case "member_hedged":
      return stay(state);
    case "member_answered":
    case "member_failed":
    case "member_cancelled": {
      const others = state.members.filter(({ voter }) => !isSameVoter(voter, event.voter));
      return stay({ ...state, members: [...others, event] });
    }
    case "round_ended":
      return roundEnded(state, event.stop);
    default:
      return unexpected(state, event);
  }
}

type LiveState = Extract<RunState, { readonly course: Course }>;

function isLive(state: RunState): state is LiveState {
  return "course" in state;
}

function withSpending(state: RunState, event: RunEvent): RunState {
  if (!isLive(state)) return state;
  const spending = spend(state.course.spending, event, state.course.spec);
  return spending === state.course.spending ? state : { ...state, course: { ...state.course, spending } };
}

function unexpected(state: RunState, event: RunEvent): never {
  throw new Error(`${event.type} cannot happen while a run is ${state.phase}`);
}
