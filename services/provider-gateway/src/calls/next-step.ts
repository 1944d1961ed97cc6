import { backoffMs } from "../control/backoff.js";
import { othersFirst, type ProviderError } from "../providers/provider-error.js";

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  readonly error: ProviderError;
  /** How often the target was asked again so far, keys that were only changed left out. */
  readonly repeats: number;
  /** The most calls for one question to one model, the first included. */
  readonly maxAttempts: number;
  /** Whether another key could be asked at once. */
  readonly hasOtherKey: boolean;
  /** Whether nobody else is left to be asked. */
  readonly patient: boolean;
  readonly leftMs: number;
  readonly random: () => number;
}

/** What follows a failed attempt at the same target. */
export type NextStep =
  /** Ask again at once, with another key. */
  | { readonly kind: "change_key" }
  /** Ask again when the limit allows it: its line knows when that is. */
  | { readonly kind: "queue" }
  /** Ask again, after a wait. */
  | { readonly kind: "back_off"; readonly waitMs: number }
  /** It may be asked again, but others come first. */
  | { readonly kind: "put_off" }
  | { readonly kind: "give_up" };

const giveUp: NextStep = { kind: "give_up" };

/** Decides what follows a failed attempt. The retry budget is asked afterwards. */
export function nextStep(failed: FailedAttempt): NextStep {
  const { error, repeats, leftMs } = failed;
  const isLimit = error.blames === "key_limit" || error.blames === "model_limit";
  if ((isLimit || error.blames === "key") && failed.hasOtherKey) return { kind: "change_key" };
  if (repeats >= error.repeats || repeats + 1 >= failed.maxAttempts) return giveUp;
  if (othersFirst(error) && !failed.patient) return { kind: "put_off" };
  const { retryAfterMs: hint } = error;
  if (isLimit && hint !== undefined) return hint < leftMs ? { kind: "queue" } : giveUp;
  const waitMs = backoffMs(hint, repeats, failed.random);
  return waitMs < leftMs ? { kind: "back_off", waitMs } : giveUp;
}
