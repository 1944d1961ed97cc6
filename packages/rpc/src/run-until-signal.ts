import type { EventEmitter } from "node:events";
import type { Logger } from "@synod/telemetry";
import type { StopRequest } from "./await-signal.js";
import { watchDefects } from "./watch-defects.js";

/** How long a process that was asked to stop may take in all, in milliseconds. */
const hardLimitMs = 30_000;

/** What `runUntilSignal` needs beside the parts. */
export interface RunUntilSignalOptions {
  /** What `awaitSignal` returned when the process began. */
  readonly stop: StopRequest;
  /** Emits what nobody catches. `process` when unset; tests pass another. */
  readonly defects?: EventEmitter;
}

/**
 * Waits until the process is asked to stop, which it may have been already, then disposes the parts one after another:
 * servers first, so that they drain while what they need is still there. Then the process ends with code 0.
 *
 * It ends with code 1 when a part cannot be disposed, or when that takes longer than 30 s; and when it stops because something
 * was thrown that nobody catches.
 */
export async function runUntilSignal(
  parts: AsyncDisposable | readonly AsyncDisposable[],
  logger: Logger,
  { stop, defects = process }: RunUntilSignalOptions,
): Promise<void> {
  using watch = watchDefects(logger, defects);
  const code = await Promise.race([stop.asked.then(() => 0), watch.broken.then(() => 1)]);
  if (code === 0) logger.info({ signal: await stop.asked }, "asked to stop");
  const limit = setTimeout(() => {
    logger.error("stopping took too long");
    stop.end(1);
  }, hardLimitMs);
  try {
    for (const part of "length" in parts ? parts : [parts]) await part[Symbol.asyncDispose]();
    stop.end(code);
  } catch (err) {
    logger.error({ err }, "stopping failed");
    stop.end(1);
  } finally {
    clearTimeout(limit);
  }
}
