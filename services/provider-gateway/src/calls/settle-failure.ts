import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import { UpstreamIoError, type UpstreamIoErrorKind } from "@synod/upstream-http";
import type { ProviderError } from "../providers/provider-error.js";
import { settleUsage, type UsageBasis } from "./settle-usage.js";

/** The ways in which a call ends before its upstream has taken it. */
const notTaken: ReadonlySet<UpstreamIoErrorKind> = new Set([
  "refused",
  "dns",
  "unreachable",
  "connect_timeout",
  "tls",
  "reset",
  "closed",
]);

/** The usage of a call that failed before its answer began: `thrown` is what opening it threw. */
export function settleUnopened(thrown: unknown, error: ProviderError, basis: UsageBasis): Usage {
  const isFree = thrown instanceof UpstreamIoError && notTaken.has(thrown.kind);
  return isFree ? free() : settleFailure(error, false, basis);
}

/**
 * The usage of a call that failed. An error that the upstream names before any content is not charged, unless it says
 * that the model was at work. A call that was cut is charged nobody knows how much for, unless the upstream said.
 */
export function settleFailure(error: ProviderError, hasContent: boolean, basis: UsageBasis): Usage {
  const isCut = error.reason === "upstream_timeout" || error.reason === "canceled";
  const isRefusal = error.httpStatus !== undefined && !isCut && error.generated !== true;
  if (isRefusal && !hasContent && basis.reported === undefined) return free();
  const usage = settleUsage(basis);
  const isKnown = basis.simulated || (basis.reported?.costUsdNanos ?? null) !== null;
  if ((isCut || error.generated === true) && !isKnown) delete usage.costUsdNanos;
  return usage;
}

/** Whether money was spent, or may have been. */
export function isCharged(usage: Usage | undefined): boolean {
  return usage !== undefined && usage.costUsdNanos !== 0n;
}

function free(): Usage {
  return create(UsageSchema, { costUsdNanos: 0n });
}
