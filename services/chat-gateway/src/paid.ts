import type { SpentUsage } from "@synod/contracts/provider";
import { failureOf, spentOf, SynodError } from "@synod/rpc";

/**
 * Whether something was, or may have been, paid for what ended with this error. What Synod itself refuses says what was
 * spent where it was; of everything else it is asked what is known.
 */
export function mayBePaid(error: unknown): boolean {
  const spent = error instanceof SynodError ? error.spent : spentOf(error);
  return spent !== undefined && isCharged(spent);
}

/**
 * The error of a question to one model, as its caller is told it. Asking again would pay again: it is called retryable only
 * where nothing was paid for the question, as far as is known.
 *
 * @param begun Whether something of the answer has gone out: that is paid for.
 * @returns a SynodError with what was spent where that is what makes the difference, else the error as it is.
 */
export function toldModelError(error: unknown, begun = false): unknown {
  const { reason, message, retryable, paidPartial } = failureOf(error);
  const spent = spentOf(error);
  const isPaid = begun || isCharged(spent);
  // Whoever is left out when Synod stops is told to ask again, unless the call that was left costs something.
  if (!isPaid || !(retryable || reason === "canceled")) return error;
  return new SynodError({ reason, message, retryable: false, paidPartial }, { spent, cause: error });
}

function isCharged({ usage }: SpentUsage): boolean {
  return usage !== undefined && usage.costUsdNanos !== 0n;
}
