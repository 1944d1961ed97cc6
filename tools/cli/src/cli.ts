import { createSynodClient, type SynodClient } from "@synod/client";
import { type Environment, toCallerSettings } from "@synod/settings";
import type { Output } from "./terminal.js";

/** What commands work with. */
export interface Cli {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Environment;
  /** Fires when the person wants the command to end (Ctrl-C). */
  readonly signal: AbortSignal;
  /** All that is piped in. Undefined when a terminal is there in its place. */
  readonly input: () => Promise<string> | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Does something again and again. Gives what ends it. */
  readonly every: (ms: number, task: () => void) => () => void;
}

/** The options of every command that calls Synod. */
export interface ServerOptions {
  readonly url?: string;
}

/** A client of the Synod that the options or the environment name. */
export function clientOf({ environment }: Cli, { url }: ServerOptions): SynodClient {
  const { url: baseUrl, apiKey } = toCallerSettings(environment, url);
  return createSynodClient({ baseUrl, ...(apiKey !== undefined && { apiKey }) });
}
