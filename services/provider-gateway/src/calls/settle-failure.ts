import { create } from "@bufbuild/protobuf";
import { type Usage, UsageSchema } from "@synod/contracts/model";
import { UpstreamIoError, type UpstreamIoErrorKind } from "@synod/upstream-http";
import type { ProviderError } from "../providers/provider-error.js";
import { settleCut, type UsageBasis } from "./settle-usage.js";

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

/** The usage of a call that failed before the head of its answer came: `thrown` is what asking threw. */
export function settleUnopened(thrown: unknown, error: ProviderError, basis: UsageBasis): Usage {
  if (thrown instanceof UpstreamIoError && (notTaken.has(thrown.kind) || !thrown.sent)) return free();
  return settleFailure(error, false, basis);
}

/**
 * The usage of a call that failed. An error that the upstream names before any content is not charged, unless it says
 * that the model was at work. Of any other call the upstream's own figures count, else what it may have cost at most.
 */
export function settleFailure(error: ProviderError, hasContent: boolean, basis: UsageBasis): Usage {
  const isCut = error.reason === "upstream_timeout" || error.reason === "canceled";
  const isRefusal = error.httpStatus !== undefined && !isCut && error.generated !== true;
  return isRefusal && !hasContent && basis.reported === undefined ? free() : settleCut(basis);
}

/** Whether money was spent, or may have been. */
export function isCharged(usage: Usage | undefined): boolean {
  return usage !== undefined && usage.costUsdNanos !== 0n;
}

function free(): Usage {
  return create(UsageSchema, { costUsdNanos: 0n });
}
