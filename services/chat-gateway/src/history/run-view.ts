import type { Failure } from "@synod/consensus";
import { SynodError } from "@synod/rpc";
import type { RunSummary, StoredRun } from "@synod/run-store";
import { endingOf, type RunEnding } from "../run-ending.js";
import { isFinished, runSoFar, type RunSoFar } from "../runner/run-so-far.js";

/** A run as whoever asks for it sees it, read from its log. */
export interface RunView extends RunSummary {
  /** The request that wanted it, as JSON; undefined when it is not kept. */
  readonly request: string | undefined;
  readonly run: RunSoFar;
  /** What it has for its caller; undefined while it goes on. */
  readonly ending: RunEnding | undefined;
}

/** Nobody knows how the run would have ended. */
const cutOff: Failure = {
  reason: "service_unavailable",
  message:
    "The run broke off: the process that carried it out is gone, or the rest of it could not be stored. Ask again.",
  retryable: true,
};

/**
 * What a run looks like.
 *
 * @throws SynodError `data_loss` when what is stored cannot be the log of a run.
 */
export function viewOf(stored: StoredRun): RunView {
  const { log, request, ...summary } = stored;
  const [first] = log;
  const isWhole = log.every(({ seq }, index) => seq === index + 1);
  if (first?.event.type !== "run_started" || !isWhole || !isJson(request)) throw dataLoss();
  const run = runSoFar(
    summary.runId,
    first.timeMs,
    log.map(({ event }) => event),
  );
  if (!isFinished(run)) {
    const goesOn = summary.status === "running";
    if (!goesOn && !summary.incomplete) throw dataLoss();
    return { ...summary, request, run, ending: goesOn ? undefined : { type: "failure", failure: cutOff } };
  }
  // It may have ended between the look at it and the look at its log.
  const { status } = run.result;
  const finishTimeMs = summary.finishTimeMs ?? log.at(-1)?.timeMs;
  return { ...summary, status, incomplete: false, finishTimeMs, request, run, ending: endingOf(run) };
}

/** What is told of a run that is damaged. */
export function dataLoss(cause?: unknown): SynodError {
  const message = "What is stored of this run cannot be read: it is damaged, or of a newer version of Synod.";
  return new SynodError({ reason: "data_loss", message }, { cause });
}

function isJson(text: string | undefined): boolean {
  if (text === undefined) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
