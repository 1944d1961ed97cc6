import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { FailureReason } from "@synod/consensus";
import { UsageSchema } from "@synod/contracts/model";
import { type SpentUsage, SpentUsageSchema } from "@synod/contracts/provider";
import { failureOf } from "./failure-of.js";
import { SynodError } from "./synod-error.js";

/** Reasons with which a service refuses a call before it does anything. */
const refusals: ReadonlySet<FailureReason> = new Set([
  "invalid_value",
  "invalid_api_key",
  "model_not_found",
  "provider_not_configured",
  "overloaded",
  "inner_token",
]);

/** What grpc-js says of a call that never left this process. */
const neverConnected = /\bNo connection established|^Name resolution failed/;

/**
 * What a question to a model cost that ended with this error: what the provider gateway says. Where it says nothing,
 * because the call broke or its time was over, one upstream call of unknown cost; none where the call was refused, or
 * could not be sent.
 */
export function spentOf(error: unknown): SpentUsage {
  const told = spentIn(error);
  if (told !== undefined) return told;
  if (refusals.has(failureOf(error).reason) || wasNeverSent(error)) return create(SpentUsageSchema);
  return create(SpentUsageSchema, { usage: create(UsageSchema, { estimated: true }), attempts: 1 });
}

/** What an error itself says of what was spent. */
export function spentIn(error: unknown): SpentUsage | undefined {
  if (error instanceof SynodError) return error.spent;
  return error instanceof ConnectError ? error.findDetails(SpentUsageSchema)[0] : undefined;
}

function wasNeverSent(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  const { cause } = error;
  return cause instanceof ConnectError && neverConnected.test(cause.rawMessage);
}
