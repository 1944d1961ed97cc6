import type { WireEndpoint, WireProvider } from "../wire/dialect.js";
import type { FaultKind } from "../faults/registry.js";

/**
 * How far a call is.
 *
 * `received`: nothing was sent yet. `streaming`: a part of the response was sent. `finished`: all of it was. `aborted`:
 * the client left before. `failed`: the simulator refused the call or broke it off.
 */
export type CallState = "received" | "streaming" | "finished" | "aborted" | "failed";

/** What is kept of an API key: enough to tell keys apart in a test, never the key. */
export interface KeyTrace {
  readonly length: number;
  /** The last four characters of a key of 12 or more, else empty. */
  readonly last4: string;
}

/** One call as the simulator saw it. Times are in epoch milliseconds. */
export interface LedgerCall {
  /** Counted from 1 since the start or the last reset. */
  readonly id: number;
  readonly provider: WireProvider;
  readonly endpoint: WireEndpoint;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Empty when the call names none. */
  readonly model: string;
  readonly stream: boolean;
  /** Names in lower case; without authorization, cookies and other secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null when no key was sent. */
  readonly key: KeyTrace | null;
  /** The JSON body as it came, messages and all; null without one. */
  readonly body: unknown;
  /** The faults that were played; mostly none or one. */
  readonly faults: readonly FaultKind[];
  /** The id of the completion. */
  readonly generationId: string | null;
  readonly state: CallState;
  /** The status that was sent; null before. */
  readonly status: number | null;
  /** Tokens of content that went out. */
  readonly tokensSent: number;
  readonly receivedAt: number;
  readonly firstByteAt: number | null;
  readonly endedAt: number | null;
}

/** Which calls to list; every given field must fit. */
export interface LedgerFilter {
  readonly provider?: WireProvider;
  readonly endpoint?: WireEndpoint;
  readonly model?: string;
  readonly state?: CallState;
  /** Only calls with a greater id. */
  readonly after?: number;
}

/** Counts since the start or the last reset. They go on when old calls leave the ledger. */
export interface Stats {
  readonly received: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly finished: number;
  readonly aborted: number;
  readonly failed: number;
  readonly tokensSent: number;
  /** US dollars of all completions. */
  readonly costUsd: number;
  /** Completion calls by model, `chat` and `completions` alone. */
  readonly models: Readonly<Record<string, ModelStats>>;
}

/** The counts of one model. */
export interface ModelStats {
  readonly received: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly finished: number;
  readonly aborted: number;
  readonly failed: number;
  readonly tokensSent: number;
}
