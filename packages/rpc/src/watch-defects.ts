import type { EventEmitter } from "node:events";
import type { Logger } from "@synod/telemetry";

/** What was thrown where nobody catches. */
export interface DefectWatch extends Disposable {
  /** Resolves with `uncaughtException` when something was thrown: what the process is about is not known any more then. */
  readonly broken: Promise<string>;
}

/**
 * Watches for what nobody catches, which ends a Node process otherwise, with everything that it does for others. A promise
 * that was left rejected is one request's affair: it is logged, and the process goes on. After something thrown it had better
 * be started anew, when it has finished what it can.
 *
 * @param emitter Emits `unhandledRejection` and `uncaughtException`: `process`, but for tests.
 */
export function watchDefects(logger: Logger, emitter: EventEmitter): DefectWatch {
  let resolve: (name: string) => void = () => undefined;
  const broken = new Promise<string>((settle) => (resolve = settle));
  const onRejection = (err: unknown): void => logger.error({ err }, "a promise was left rejected");
  const onException = (err: unknown): void => {
    logger.fatal({ err }, "something was thrown that nobody catches");
    resolve("uncaughtException");
  };
  emitter.on("unhandledRejection", onRejection);
  emitter.on("uncaughtException", onException);
  return {
    broken,
    [Symbol.dispose]() {
      emitter.off("unhandledRejection", onRejection);
      emitter.off("uncaughtException", onException);
    },
  };
}
