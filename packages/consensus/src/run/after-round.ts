import type { RoundStop } from "./event.js";
import { failed } from "./endings.js";
import { answersOf } from "./member-event.js";
import { aggregate, type NextStep } from "./moves.js";
import { roundFailure, usableCount } from "./round-failure.js";
import { withoutNewAnswer } from "./after-aggregation.js";
import type { RunState } from "./state.js";

/**
 * Goes on after a round: to its aggregation, for which those who were asked first are enough when they agree; or, when the quorum was missed, to the answer of an earlier round, which
 * is never lost; or to the end.
 */
export function roundEnded(
  { course, members }: Extract<RunState, { readonly phase: "asking" }>,
  roundStop: RoundStop,
): NextStep {
  const { spec, draft } = course;
  if (roundStop === "agreed" || usableCount(members, spec) >= spec.quorum) {
    return aggregate({ ...course, answers: answersOf(members, spec), roundStop });
  }
  if (draft === null) return failed(roundFailure(members, spec));
  return withoutNewAnswer(course, draft);
}
