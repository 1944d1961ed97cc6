import type { EventEmitter } from "node:events";

/** A signal that follows sooner, in milliseconds, is the same one: npm forwards what the terminal has sent already. */
const repeatMs = 1_000;

const signalNames = ["SIGTERM", "SIGINT"] as const;

/** What `awaitSignal` uses of the process; tests pass others. */
export interface ProcessControl {
  /** Emits `SIGTERM`, `SIGINT` and `disconnect`. `process` when unset. */
  readonly signals?: EventEmitter;
  /** Whether there was a launcher and it is gone already. Asked of `process` when unset. */
  readonly launcherGone?: boolean;
  /** Ends the process. `process.exit` when unset. */
  readonly exit?: (code: number) => void;
}

/** Whether the process was asked to stop. */
export interface StopRequest {
  /** Resolves with what asked it to stop: a signal's name, or `disconnect`. It never rejects. */
  readonly asked: Promise<string>;
  /** Stops listening and ends the process with this code. */
  readonly end: (code: number) => void;
}

/**
 * Listens, from now on, for SIGTERM, SIGINT, and the end of the launcher that holds the other end of the process's
 * channel. To be called before anything else is started, so that no request to stop is lost, nor ends the process in the
 * middle of its start.
 *
 * A second signal that comes more than a second later ends the process at once, with code 1.
 */
export function awaitSignal(control: ProcessControl = {}): StopRequest {
  const { signals = process, exit = (code: number) => process.exit(code) } = control;
  let resolve: (name: string) => void = () => undefined;
  const asked = new Promise<string>((settle) => (resolve = settle));
  let askedMs: number | undefined;
  const ask = (name: string) => {
    askedMs ??= performance.now();
    resolve(name);
  };
  const onSignal = (name: string) => {
    if (askedMs !== undefined && performance.now() - askedMs > repeatMs) exit(1);
    ask(name);
  };
  const onDisconnect = () => ask("disconnect");
  for (const name of signalNames) signals.on(name, onSignal);
  signals.once("disconnect", onDisconnect);
  // `disconnect` is told once, maybe before anyone listened.
  if (control.launcherGone ?? (process.send !== undefined && !process.connected)) onDisconnect();
  return {
    asked,
    end: (code) => {
      for (const name of signalNames) signals.off(name, onSignal);
      signals.off("disconnect", onDisconnect);
      exit(code);
    },
  };
}
