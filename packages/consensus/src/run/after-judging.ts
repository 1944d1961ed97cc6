import type { Verdict } from "../judging/verdict.js";
import { completed, failed } from "./endings.js";
import type { RunStop } from "./event.js";
import type { Failure } from "./failure.js";
import { saidIn } from "./said-in.js";
import { improvementConversation, improvementMessages } from "./improvement.js";
import { aggregate, askRound, type NextStep } from "./moves.js";
import { isBudgetSpent } from "./spending.js";
import type { Course, Draft, RunState } from "./state.js";

type Judging = Extract<RunState, { readonly phase: "judging" }>;

/** Goes on after a verdict: out with the answer, or to a regeneration of one that the gate rejects. */
export function judged(state: Judging, verdict: Verdict): NextStep {
  const { course, stopped } = state;
  const draft = draftOf(course);
  switch (verdict.kind) {
    case "right":
      return completed(draft, course.spec.judge.mode === "gate" ? "accepted" : stopped);
    case "unsure":
      return completed(draft, stopped);
    case "wrong":
      return rejected({ ...course, findings: verdict.findings }, draft, stopped);
    case "none":
      return judgeFailed(state, null);
    default:
      return verdict.kind satisfies never;
  }
}

/** Goes on without a verdict, as the preset says. `failure`: null when the judges answered, but too few with a verdict. */
export function judgeFailed({ course, stopped }: Judging, failure: Failure | null): NextStep {
  if (course.spec.judge.whenDown === "answer") return completed(draftOf(course), stopped);
  const cause = failure === null ? "Too few judges gave a verdict." : `The judges failed: ${failure.message}`;
  const { retryAfterMs } = failure ?? {};
  return failed({
    reason: "judge_unavailable",
    message: cause,
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Makes the answer anew, once `regeneration_started` is in the log. */
export function regenerated(course: Course): NextStep {
  const next: Course = { ...course, regeneration: course.regeneration + 1 };
  const { spec, messages, findings } = next;
  const text = saidIn(draftOf(course));
  return spec.judge.regenerate === "round"
    ? askRound(next, improvementConversation(messages, text, spec, findings))
    : aggregate(next, improvementMessages(text, spec, findings));
}

function rejected(course: Course, draft: Draft, stopped: RunStop): NextStep {
  const { judge, budget } = course.spec;
  if (judge.mode !== "gate") return completed(draft, stopped);
  if (course.regeneration >= judge.maxRegenerations) return completed(draft, "max_regenerations");
  if (isBudgetSpent(course.spending, budget)) return completed(draft, "budget");
  return {
    state: { phase: "regenerating", course },
    commands: [{ type: "regenerate", regeneration: course.regeneration + 1 }],
  };
}

function draftOf({ draft }: Course): Draft {
  if (draft === null) throw new Error("a run has no answer to judge");
  return draft;
}
