import { setTimeout as sleep } from "node:timers/promises";
import { callerLeft, ProviderFailure } from "../providers/provider-error.js";

/**
 * Lets so many milliseconds pass.
 *
 * @throws ProviderFailure `canceled` when the caller leaves.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ProviderFailure(callerLeft());
  }
}
