import { invalid } from "../failure.js";
import type { Exchange } from "./exchange.js";

const header = "x-synod-deadline-ms";
/** The longest deadline that may be asked for, in milliseconds. */
const maxDeadlineMs = 3_600_000;

/**
 * How long the caller is ready to wait, in milliseconds, from its header.
 *
 * @throws SynodError `invalid_value` when it is no whole number from 1 to 3,600,000.
 */
export function readDeadline({ req }: Pick<Exchange, "req">): number | undefined {
  const text = req.headers[header];
  if (text === undefined) return undefined;
  const deadlineMs = typeof text === "string" && /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (deadlineMs >= 1 && deadlineMs <= maxDeadlineMs) return deadlineMs;
  throw invalid(header, `${header} must be a whole number from 1 to ${maxDeadlineMs}.`);
}
