import type { RunResult, RunStop } from "./event.js";
import type { Failure } from "./failure.js";
import type { NextStep } from "./moves.js";
import type { Draft } from "./state.js";

/** Ends a run with an answer. */
export function completed({ text, toolCalls }: Draft, stopped: RunStop): NextStep {
  return finish({
    status: "completed",
    answer: text,
    ...(toolCalls !== undefined && { toolCalls }),
    stopped,
  });
}

/** Ends a run without an answer. */
export function failed(failure: Failure): NextStep {
  return finish({ status: "failed", failure });
}

/** Ends a run that was given up. */
export function cancelled(failure: Failure): NextStep {
  return finish({ status: "cancelled", failure });
}

/** Ends a run whose time is over and that has no answer to go out with. */
export function tooLate(): NextStep {
  return failed({
    reason: "deadline_exceeded",
    message:
      "The deadline passed before the answer was whole. Allow more time, or use fewer members or rounds.",
    retryable: true,
  });
}

function finish(result: RunResult): NextStep {
  return { state: { phase: "finishing", result }, commands: [{ type: "finish", result }] };
}
