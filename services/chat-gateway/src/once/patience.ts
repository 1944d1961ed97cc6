import { SynodError } from "@synod/rpc";
import type { Clock } from "../clock.js";

/** How long who did not wait for the end is told to wait, in milliseconds. */
const retryAfterMs = 1_000;

/** A signal that fires when a caller waits no longer for what another request comes to. */
export interface Patience {
  readonly signal: AbortSignal;
  /** What another request comes to. Rejects with the signal's reason once that fires. */
  wait<T>(outcome: Promise<T>): Promise<T>;
  /** From now on the signal does not fire any more. */
  [Symbol.dispose](): void;
}

/**
 * @param left Fires when the caller leaves.
 * @param deadlineMs Milliseconds that the caller is ready to wait. No limit when undefined.
 */
export function createPatience(
  left: AbortSignal,
  deadlineMs: number | undefined,
  clock: Pick<Clock, "after">,
): Patience {
  const controller = new AbortController();
  const leave = (): void => controller.abort(left.reason);
  const stopTimer =
    deadlineMs === undefined
      ? () => undefined
      : clock.after(deadlineMs, () => controller.abort(new SynodError(inProgress)));
  if (left.aborted) leave();
  left.addEventListener("abort", leave, { once: true });
  return {
    signal: controller.signal,
    wait: (outcome) => untilFired(outcome, controller.signal),
    [Symbol.dispose]() {
      stopTimer();
      left.removeEventListener("abort", leave);
    },
  };
}

async function untilFired<T>(outcome: Promise<T>, signal: AbortSignal): Promise<T> {
  let forget = (): void => undefined;
  const fired = new Promise<never>((_, reject) => {
    const fire = (): void => reject(signal.reason);
    if (signal.aborted) fire();
    signal.addEventListener("abort", fire, { once: true });
    forget = () => signal.removeEventListener("abort", fire);
  });
  try {
    return await Promise.race([outcome, fired]);
  } finally {
    forget();
  }
}

const inProgress = {
  reason: "idempotency_in_progress",
  message: "The same request is still being answered. Ask again for its answer.",
  retryAfterMs,
} as const;
