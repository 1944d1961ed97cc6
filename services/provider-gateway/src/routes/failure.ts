import { SynodError } from "@synod/rpc";
import { ProviderFailure } from "../providers/provider-error.js";

/** What a route throws for what it caught. */
export function toRouteError(error: unknown, signal: AbortSignal): unknown {
  // The middleware knows whether the caller left or the deadline passed.
  if (signal.aborted && signal.reason instanceof SynodError) return signal.reason;
  if (!(error instanceof ProviderFailure)) return error;
  const { reason, message, retryable, retryAfterMs } = error.error;
  return new SynodError({ reason, message, retryable, retryAfterMs }, { cause: error });
}
