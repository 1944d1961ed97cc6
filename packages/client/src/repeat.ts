import type { SynodClientError } from "./error.js";
import { canceled, invalidField } from "./to-error.js";

/** How long a call may take that says nothing, in milliseconds. */
export const defaultTimeoutMs = 300_000;
/** How long any call may take, in milliseconds. */
export const longestTimeoutMs = 3_600_000;

const firstDelayMs = 250;
const longestDelayMs = 8_000;

/** How often, how long and whether at all a call may be made again. */
export interface RepeatRules {
  /** How often it may be made again, 0 or more. */
  readonly retries: number;
  /** Milliseconds for all attempts together. */
  readonly timeoutMs: number;
  /** Whether it may be made again although the one before may have been carried out. */
  readonly isSafe: boolean;
  readonly signal: AbortSignal;
}

/** Makes an attempt, and further ones as far as the rules allow. `attempt` is told how many milliseconds are left. */
export async function repeated<T>(
  rules: RepeatRules,
  attempt: (timeoutMs: number) => Promise<T>,
  fail: (thrown: unknown) => SynodClientError,
): Promise<T> {
  const { retries, timeoutMs, isSafe, signal } = checked(rules);
  const endMs = performance.now() + timeoutMs;
  for (let made = 1; ; made += 1) {
    try {
      return await attempt(Math.max(1, Math.floor(endMs - performance.now())));
    } catch (thrown) {
      const error = fail(thrown);
      const delayMs = error.retryAfterMs ?? delayAfter(made);
      const mayRepeat = error.retryable && (isSafe || !isBroken(error));
      if (made > retries || !mayRepeat || performance.now() + delayMs >= endMs) throw error;
      await wait(delayMs, signal);
    }
  }
}

/** Whether it is the connection that failed: nobody knows what became of the call. */
export function isBroken({ code }: SynodClientError): boolean {
  return code === "unreachable" || code === "connection_lost";
}

/** The wait after so many attempts, in milliseconds: doubled each time, with up to half of it by chance. */
export function delayAfter(attempts: number): number {
  const most = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1));
  return most * (1 - Math.random() / 2);
}

/**
 * Waits.
 *
 * @throws SynodClientError `canceled` when the signal fires.
 */
export function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(canceled());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, delayMs);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  });
}

function checked(rules: RepeatRules): RepeatRules {
  const { retries, timeoutMs } = rules;
  if (!(timeoutMs >= 1 && timeoutMs <= longestTimeoutMs)) {
    throw invalidField("timeoutMs", `timeoutMs must be a number from 1 to ${longestTimeoutMs}.`);
  }
  if (!(Number.isInteger(retries) && retries >= 0)) {
    throw invalidField("retries", "retries must be a whole number of 0 or more.");
  }
  return rules;
}
