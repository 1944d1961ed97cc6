import { createHash } from "node:crypto";
import type { Failure, RunRecord, RunSpec } from "@synod/consensus";
import { answerOfFailure, type ErrorAnswer } from "./errors.js";

/** Names the settings of a panel: the same for runs that differ in nothing but their seed. */
export function fingerprintOf(spec: RunSpec): string {
  const settings = JSON.stringify({ ...spec, seed: 0 });
  return `synod-${createHash("sha256").update(settings).digest("hex").slice(0, 12)}`;
}

/** A failed run's error. Asking again by itself would pay again, so a client is told not to once something was paid. */
export function errorOfRun(failure: Failure, record: RunRecord): ErrorAnswer {
  const answer = answerOfFailure(failure);
  return { ...answer, retryable: answer.retryable && !wasPaid(record) };
}

function wasPaid({ usage }: RunRecord): boolean {
  return usage.inputTokens + usage.outputTokens > 0 || usage.costUsdNanos !== 0;
}
