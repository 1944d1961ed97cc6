import { setTimeout as pause } from "node:timers/promises";
import { toCallError } from "../calls/io-failure.js";
import type { ProviderKey } from "../control/key-ring.js";
import type { ReportedUsage } from "../providers/codec.js";
import type { Provider } from "../providers/provider.js";
import { readDocument } from "./read-document.js";

/** How long to wait before each try, in milliseconds: the provider knows the cost a moment after the call is over. */
const waitsMs = [0, 150, 600, 2_000, 5_000];

/**
 * Asks a provider what one of its calls has cost. It costs nothing itself.
 *
 * @param key that of the call: another account does not see it.
 * @param id the provider's id of the call.
 * @returns null when the provider never says it, or not within some seconds, or is closed. Never fails.
 */
export async function readGeneration(
  provider: Provider,
  key: ProviderKey,
  id: string,
): Promise<ReportedUsage | null> {
  if (provider.codec.generations === null) return null;
  for (const waitMs of waitsMs) {
    if (!(await paused(waitMs, provider.closing))) return null;
    const read = await readOnce(provider, provider.codec.generations, key, id);
    if (read === "gone") return null;
    if (read !== "not_yet") return read;
  }
  return null;
}

async function readOnce(
  provider: Provider,
  generations: NonNullable<Provider["codec"]["generations"]>,
  key: ProviderKey,
  id: string,
): Promise<ReportedUsage | "not_yet" | "gone"> {
  try {
    const { usage } = await readDocument(provider, {
      what: "record of a call",
      path: generations.pathOf(id),
      key,
      signal: provider.closing,
      decode: (json) => generations.decode(json),
    });
    return usage;
  } catch (error) {
    const { httpStatus, retryable } = toCallError(error);
    return httpStatus === 404 || retryable ? "not_yet" : "gone";
  }
}

/** Waits; false when the provider is closed meanwhile. No process is kept alive for it. */
async function paused(ms: number, closing: AbortSignal): Promise<boolean> {
  await pause(ms, undefined, { signal: closing, ref: false }).catch(() => undefined);
  return !closing.aborted;
}
