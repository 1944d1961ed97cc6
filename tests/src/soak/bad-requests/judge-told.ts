import { Code } from "@connectrpc/connect";

import { type BadRequest, isHasty } from "./bad-request.js";
import type { Told } from "./send.js";

/** Codes that say that Synod, or somebody behind it, is to blame. */
const ours: ReadonlySet<number | undefined> = new Set([
  Code.Unknown,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** What is wrong with how a bad request was answered. Null when nothing is. */
export function faultOf(bad: BadRequest, told: Told): string | null {
  if (told.broken !== undefined) return told.broken;
  const { status, grpcStatus } = told;
  if (bad.wire === "bytes" && status === 0) return null; // nothing of it was HTTP
  if (status === 504 || grpcStatus === Code.DeadlineExceeded) {
    return isHasty(bad) ? null : "too late, though nobody hurries";
  }
  // Connect's and gRPC's own word for an encoding or a method that is not there.
  if (status === 501 && /"unimplemented"/.test(told.text)) return null;
  if (status >= 500) return `status ${status}`;
  if (status === 0) return "no status";
  return ours.has(grpcStatus) ? `gRPC status ${grpcStatus}` : null;
}
