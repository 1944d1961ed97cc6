import { createHash } from "node:crypto";
import type { Failure, RunRecord, RunSpec } from "@synod/consensus";
import { toldFailure } from "../run-ending.js";
import { answerOfFailure, type ErrorAnswer } from "./errors.js";

/** Names the settings of a panel: the same for runs that differ in nothing but their seed. */
export function fingerprintOf(spec: RunSpec): string {
  const settings = JSON.stringify({ ...spec, seed: 0 });
  return `synod-${createHash("sha256").update(settings).digest("hex").slice(0, 12)}`;
}

/** A failed run's error. */
export function errorOfRun(failure: Failure, record: RunRecord): ErrorAnswer {
  return answerOfFailure(toldFailure(failure, record));
}
