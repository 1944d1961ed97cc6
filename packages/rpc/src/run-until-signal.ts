import type { Logger } from "@synod/telemetry";
import type { StopRequest } from "./await-signal.js";

/** How long a process that was asked to stop may take in all, in milliseconds. */
const hardLimitMs = 30_000;

/** What `runUntilSignal` needs beside the parts. */
export interface RunUntilSignalOptions {
  /** What `awaitSignal` returned when the process began. */
  readonly stop: StopRequest;
}

/**
 * Waits until the process is asked to stop, which it may have been already, then disposes the parts one after another:
 * servers first, so that they drain while what they need is still there. Then the process ends with code 0.
 *
 * It ends with code 1 when a part cannot be disposed, or when that takes longer than 30 s.
 */
export async function runUntilSignal(
  parts: AsyncDisposable | readonly AsyncDisposable[],
  logger: Logger,
  { stop }: RunUntilSignalOptions,
): Promise<void> {
  logger.info({ signal: await stop.asked }, "asked to stop");
  const limit = setTimeout(() => {
    logger.error("stopping took too long");
    stop.end(1);
  }, hardLimitMs);
  try {
    for (const part of "length" in parts ? parts : [parts]) await part[Symbol.asyncDispose]();
    stop.end(0);
  } catch (err) {
    logger.error({ err }, "stopping failed");
    stop.end(1);
  } finally {
    clearTimeout(limit);
  }
}
