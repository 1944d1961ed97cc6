import { create } from "@bufbuild/protobuf";
import { type CompletionRequest, SpentUsageSchema } from "@synod/contracts/provider";
import { askInsteadMetadata, SynodError } from "@synod/rpc";
import { isCharged } from "../calls/settle-failure.js";
import { ProviderFailure } from "../providers/provider-error.js";
import { withoutEcho } from "../calls/hide-echo.js";

/** What a route throws for what it caught. */
export function toRouteError(error: unknown, signal: AbortSignal, request: CompletionRequest): unknown {
  // The middleware knows whether the caller left or the deadline passed.
  if (signal.aborted && signal.reason instanceof SynodError) return signal.reason;
  if (!(error instanceof ProviderFailure)) return error;
  const { reason, message, retryable, retryAfterMs, partial = false } = error.error;
  // Without the cause: its message is what may not be logged.
  const spent = error.spent ?? create(SpentUsageSchema);
  const isPaid = isCharged(spent.usage);
  // Asking again would pay again.
  const again = retryable && !isPaid;
  return new SynodError(
    {
      reason,
      message: withoutEcho(message, request),
      retryable: again,
      retryAfterMs: again ? retryAfterMs : undefined,
      paidPartial: partial && isPaid,
    },
    { spent, metadata: askInsteadMetadata(error.askInstead) },
  );
}

/** What a route that only reads throws for what it caught: nothing was paid for. */
export function toReadError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted && signal.reason instanceof SynodError) return signal.reason;
  if (!(error instanceof ProviderFailure)) return error;
  const { reason, message, retryable, retryAfterMs } = error.error;
  return new SynodError({ reason, message, retryable, retryAfterMs });
}
