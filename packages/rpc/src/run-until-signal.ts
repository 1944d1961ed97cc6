import type { EventEmitter } from "node:events";
import type { Logger } from "@synod/telemetry";

/** How long a process that was asked to stop may take in all, in milliseconds. */
const hardLimitMs = 30_000;

/** A signal that follows sooner, in milliseconds, is the same one: npm forwards what the terminal has sent already. */
const repeatMs = 1_000;

/** What `runUntilSignal` uses of the process; tests pass others. */
export interface ProcessControl {
  /** Emits `SIGTERM`, `SIGINT` and `disconnect`. `process` when unset. */
  readonly signals?: EventEmitter;
  /** Ends the process. `process.exit` when unset. */
  readonly exit?: (code: number) => void;
}

/**
 * Waits for SIGTERM, SIGINT, or the end of the launcher that holds the other end of the process's channel, then disposes the parts one after another: servers first, so that they drain while what
 * they need is still there. Then the process ends with code 0.
 *
 * It ends with code 1 when a part cannot be disposed, when that takes longer than 30 s, or at a second signal that comes more than a second
 * later.
 */
export async function runUntilSignal(
  parts: AsyncDisposable | readonly AsyncDisposable[],
  logger: Logger,
  control: ProcessControl = {},
): Promise<void> {
  const { signals = process, exit = (code: number) => process.exit(code) } = control;
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT", "disconnect"]) signals.once(name, () => resolve(name));
  });
  const askedMs = performance.now();
  const onAgain = () => {
    if (performance.now() - askedMs > repeatMs) exit(1);
  };
  for (const name of ["SIGTERM", "SIGINT"]) signals.on(name, onAgain);
  logger.info({ signal }, "asked to stop");
  const limit = setTimeout(() => {
    logger.error("stopping took too long");
    exit(1);
  }, hardLimitMs);
  try {
    for (const part of "length" in parts ? parts : [parts]) await part[Symbol.asyncDispose]();
    exit(0);
  } catch (err) {
    logger.error({ err }, "stopping failed");
    exit(1);
  } finally {
    clearTimeout(limit);
    for (const name of ["SIGTERM", "SIGINT"]) signals.off(name, onAgain);
  }
}
