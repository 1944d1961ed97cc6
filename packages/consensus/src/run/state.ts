import type { RunCommand } from "./command.js";
import type { RunEvent } from "./event.js";

/** Where a run stands. */
export interface RunState {
  readonly phase: "new" | "asking" | "aggregating" | "judging" | "regenerating" | "finishing" | "finished";
}

/** The state before `run_started`. */
export declare const newRun: RunState;

/** Says what a run wants done after an event. Pure: the same events give the same commands. */
export declare function nextStep(
  state: RunState,
  event: RunEvent,
): { readonly state: RunState; readonly commands: readonly RunCommand[] };
