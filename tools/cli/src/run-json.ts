import type { Run } from "@synod/client";
import { consensusJson, failureJson } from "@synod/mapping";
import { answerJson } from "./answer-json.js";

/** A run in a list, as `--json` prints it. Times are whole seconds since 1970, as in the HTTP API. */
export function runSummaryJson(run: Run): object {
  const { runId, status, incomplete, preset, createTime, finishTime, eventCount, idempotencyKey } = run;
  return {
    id: runId,
    object: "run",
    status,
    incomplete,
    preset,
    created_at: secondsOf(createTime),
    finished_at: finishTime === null ? null : secondsOf(finishTime),
    events: eventCount,
    idempotency_key: idempotencyKey,
  };
}

/** A run with everything, as `--json` prints it. Without an answer there is none of its fields. */
export function runJson(run: Run): object {
  const { runId, requestJson, answer, failure, consensus } = run;
  return {
    ...runSummaryJson(run),
    request: requestJson === null ? null : JSON.parse(requestJson),
    ...(answer !== null && answerJson(answer)),
    error: failure === null ? null : failureJson(failure),
    consensus: consensus === null ? null : consensusJson(runId, consensus),
  };
}

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1_000);
