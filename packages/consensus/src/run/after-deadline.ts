import { completed, tooLate } from "./endings.js";
import { answersOf } from "./member-event.js";
import { conclude, type NextStep } from "./moves.js";
import { usableCount } from "./round-failure.js";
import type { Course, RunState } from "./state.js";

type LiveState = Extract<RunState, { readonly course: Course }>;

/**
 * Ends a run whose time is over with what is in hand: the answer so far; else, where a quorum has answered, what can be
 * said without a model. It fails without either, and when a part of another text had gone out already.
 */
export function deadlineReached(state: LiveState, textSent: boolean): NextStep {
  if (textSent) return tooLate();
  const { draft } = state.course;
  if (draft !== null) return completed(draft, "deadline");
  const answered = withAnswers(state);
  return answered === null ? tooLate() : conclude(answered, "deadline");
}

/** The course with the answers that there are. Null when they are fewer than the quorum. */
function withAnswers(state: LiveState): Course | null {
  switch (state.phase) {
    case "asking": {
      const { course, members } = state;
      const { spec } = course;
      if (usableCount(members, spec) < spec.quorum) return null;
      return { ...course, answers: answersOf(members, spec), roundStop: "quorum" };
    }
    case "aggregating":
      return state.course;
    case "judging":
    case "regenerating":
      return null;
    default:
      return state satisfies never;
  }
}
