import { afterHintMs, fullJitterMs } from "../control/backoff.js";
import type { ProviderError } from "../providers/provider-error.js";

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  readonly error: ProviderError;
  /** How often the target was asked again so far, keys that were only changed left out. */
  readonly repeats: number;
  /** The most calls for one question to one model, the first included. */
  readonly maxAttempts: number;
  /** Whether another key could be asked at once. */
  readonly hasOtherKey: boolean;
  /** Whether to wait for a limit: nobody else is left to be asked. */
  readonly patient: boolean;
  readonly leftMs: number;
  readonly random: () => number;
}

/** What follows a failed attempt at the same target. */
export type NextStep =
  /** Ask again at once, with another key. */
  | { readonly kind: "change_key" }
  /** Ask again, after a wait. */
  | { readonly kind: "repeat"; readonly waitMs: number }
  | { readonly kind: "give_up" };

const giveUp: NextStep = { kind: "give_up" };

/** Decides what follows a failed attempt. The retry budget is asked afterwards. */
export function nextStep(failed: FailedAttempt): NextStep {
  const { error, repeats, random } = failed;
  const isOfKey = error.blames === "key" || error.blames === "key_limit" || error.blames === "model_limit";
  if (isOfKey && failed.hasOtherKey) return { kind: "change_key" };
  if (repeats >= error.repeats || repeats + 1 >= failed.maxAttempts) return giveUp;
  const isLimit = error.blames === "key_limit" || error.blames === "model_limit";
  if (isLimit && !failed.patient) return giveUp;
  const hint = error.retryAfterMs;
  const waitMs = hint === undefined ? fullJitterMs(repeats, random) : afterHintMs(hint, random);
  return waitMs < failed.leftMs ? { kind: "repeat", waitMs } : giveUp;
}
