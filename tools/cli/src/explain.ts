import { type ErrorCode, SynodClientError } from "@synod/client";
import { SettingsError } from "@synod/settings";
import { CommandError } from "./command-error.js";
import { forTerminal } from "./format/escape.js";
import { duration } from "./format/figures.js";
import { UsageError } from "./usage-error.js";

/** What a person, or a program, is told of an error. */
export interface Explanation {
  readonly exitCode: 1 | 2;
  /** What is wrong, where, and what to do; fit for a terminal. */
  readonly lines: readonly string[];
  /** The `error` object of `--json`. */
  readonly json: object;
}

/** Explains whatever a command has thrown. */
export function explain(error: unknown): Explanation {
  if (error instanceof SynodClientError) return ofCall(error);
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError || error instanceof SettingsError;
  const isExpected = isUsage || error instanceof CommandError || isStorageError(error);
  const code = isUsage ? "invalid_value" : isExpected ? "failed" : "internal";
  return {
    exitCode: isUsage ? 2 : 1,
    lines: [forTerminal(message)],
    json: { code, message, retryable: false },
  };
}

function ofCall(error: SynodClientError): Explanation {
  const {
    code,
    message,
    retryable,
    retryAfterMs = null,
    runId = null,
    field = null,
    requestId = null,
  } = error;
  return {
    exitCode: 1,
    lines: [message, ...adviceOn(error)].map(forTerminal),
    json: {
      code,
      message,
      retryable,
      retry_after_ms: retryAfterMs,
      run_id: runId,
      param: field,
      request_id: requestId,
    },
  };
}

const mayBePaid = "What was asked may be paid all the same: `synod runs` says what became of it.";

const advices: Partial<Record<ErrorCode, string>> = {
  unreachable: "Start Synod with `npm start`, or say where it is with --url or SYNOD_URL.",
  connection_lost: mayBePaid,
  invalid_response: "Is that Synod? Say where it is with --url or SYNOD_URL, without /v1.",
  invalid_api_key: "Set SYNOD_API_KEY to a key of this Synod. `synod keys create` makes one.",
  model_not_found: "`synod models` lists what can be asked.",
  run_not_found: "`synod runs` lists your runs.",
};

function adviceOn({ code, retryable, retryAfterMs, runId }: SynodClientError): readonly string[] {
  const advice = advices[code];
  if (advice !== undefined) return [advice];
  const isTimeOver = code === "deadline_exceeded" && !retryable;
  if (isTimeOver && runId === undefined) return [mayBePaid];
  const wait = retryAfterMs === undefined ? "" : ` in ${duration(retryAfterMs)}`;
  return [
    ...(runId === undefined ? [] : [`What happened: synod run ${runId}`]),
    ...(retryable ? [`It may work when it is asked again${wait}.`] : []),
  ];
}

// Its class is loaded with the database alone, which few commands need.
function isStorageError(error: unknown): boolean {
  return error instanceof Error && error.name === "StorageError";
}
