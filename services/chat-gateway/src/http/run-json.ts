import type { RunPage, RunSummary } from "@synod/run-store";
import type { RunView } from "../history/run-view.js";
import { errorJson } from "./errors.js";
import { joinMembers, membersOf } from "./json-members.js";
import { errorOfRun, panelAnswer, recordJson } from "./run-answer.js";
import { isFinished } from "../runner/run-so-far.js";

/** A run as JSON text. Its request stands there as it was written. */
export function runJson(view: RunView): string {
  const request = `"request":${view.request ?? "null"}`;
  return `{${joinMembers(membersOf(headOf(view)), request, membersOf(outcomeOf(view)))}}`;
}

/** A page of runs as JSON text: what is known of each without its log. */
export function runListJson({ runs, nextCursor }: RunPage): string {
  const data = runs.map((run) => ({ ...headOf(run), preset: run.preset }));
  const more = { has_more: nextCursor !== undefined, next_cursor: nextCursor ?? null };
  return JSON.stringify({ object: "list", data, ...more });
}

/** Times are whole seconds since 1970. */
function headOf({ runId, status, startTimeMs, finishTimeMs }: RunSummary): object {
  return {
    id: runId,
    object: "run",
    status,
    created_at: secondsOf(startTimeMs),
    finished_at: finishTimeMs === undefined ? null : secondsOf(finishTimeMs),
  };
}

function outcomeOf({ run, ending }: RunView): object {
  const isAnswer = ending !== undefined && ending.type !== "failure";
  return {
    response: isAnswer && isFinished(run) ? panelAnswer(run, ending) : null,
    error: ending?.type === "failure" ? errorJson(errorOfRun(ending.failure, run.record)) : null,
    ...recordJson(run),
  };
}

const secondsOf = (ms: number): number => Math.floor(ms / 1_000);
