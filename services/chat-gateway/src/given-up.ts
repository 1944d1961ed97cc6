import { callerLeft, type Failure } from "@synod/consensus";
import { SynodError } from "@synod/rpc";

/** Synod stops, and waits no longer for what goes on. */
export const stopping: Failure = {
  reason: "overloaded",
  message: "Synod is stopping. Ask again.",
  retryable: true,
};

/** Somebody asked for the end of the run, over HTTP or RPC. */
export const runCancelled: Failure = {
  reason: "run_cancelled",
  message: "The run was cancelled before its answer was whole.",
  retryable: false,
};

/** Why a run is given up whose request's signal fired: its caller left, unless the signal says otherwise. */
export function givenUpBy({ reason }: AbortSignal): Failure {
  return reason instanceof SynodError ? reason.failure : callerLeft;
}
