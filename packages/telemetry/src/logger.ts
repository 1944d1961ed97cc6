import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger } from "pino";

/** How much is logged, from most to least. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** What a logger needs. */
export interface LoggerOptions {
  /** The least important level that is written. Prompts and answers may appear at `debug` and `trace` only. */
  readonly level: LogLevel;
  /** Who writes: the name of the process, such as `round` or `all-in-one`. */
  readonly service: string;
  /** Where to write. Standard output when unset. */
  readonly destination?: DestinationStream;
}

/**
 * Makes a logger that writes one line of JSON per entry: `level` as a word, `time` as an ISO date, `service`, `msg`, and
 * `err` with its type, message, stack and causes.
 *
 * JSON escapes control characters, so text of callers and models cannot forge lines.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
