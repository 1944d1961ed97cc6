import type { Run } from "@synod/client";
import { consensusJson } from "@synod/mapping";

/** A run as `--json` prints it. */
export function runJson(run: Run): object {
  return {
    id: run.runId,
    object: "run",
    consensus: run.consensus && consensusJson(run.runId, run.consensus),
  };
}
