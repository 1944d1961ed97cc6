import { SynodError } from "../errors/synod-error.js";
import { toConnectError } from "../errors/to-connect-error.js";

/**
 * A timeout as transports take it: whole milliseconds. Throws `deadline_exceeded` when none are left: some transports
 * understand 0 as no timeout at all.
 */
export function timeLeft(timeoutMs: number): number {
  if (timeoutMs >= 1) return Math.floor(timeoutMs);
  throw toConnectError(new SynodError({ reason: "deadline_exceeded", message: "the deadline passed" }));
}
