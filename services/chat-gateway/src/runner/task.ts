import type { Failure, Message, RunEvent, RunSpec } from "@synod/consensus";
import type { AggregationService } from "@synod/contracts/aggregation";
import type { JudgeService } from "@synod/contracts/judge";
import type { RoundService } from "@synod/contracts/round";
import type { MemberDelta } from "@synod/mapping";
import type { Client, outgoingOptions } from "@synod/rpc";

/** The services that do a run's work. */
export interface RunClients {
  readonly rounds: Client<typeof RoundService>;
  readonly aggregations: Client<typeof AggregationService>;
  readonly judges: Client<typeof JudgeService>;
}

/** One command while it is carried out: what it works with, and where its events go. */
export interface Task {
  readonly spec: RunSpec;
  /** The caller's conversation. */
  readonly messages: readonly Message[];
  readonly clients: RunClients;
  /** What has happened in the run so far. */
  readonly events: readonly RunEvent[];
  /** Whether somebody reads the answer while it is written. */
  readonly streams: boolean;
  /** Aborts when the run wants nothing more of this command. */
  readonly signal: AbortSignal;
  /** Puts an event into the run. Events of a command that is over are dropped. */
  emit(event: RunEvent): Promise<void>;
  /** Sends a piece of the answer to whoever reads it. The next piece waits for the promise. */
  text(piece: string): void | Promise<void>;
  /** Sends the whole answer, unless it has been sent in pieces. */
  wholeText(answer: string): void | Promise<void>;
  /** Sends what a member has just written. Unset when nobody reads it. */
  readonly memberText: ((delta: MemberDelta) => void) | undefined;
  /** What every call of the command carries. */
  callOptions(): ReturnType<typeof outgoingOptions>;
  /** What a failed call means for the run; null when it needs no event of the command: the run ended it. */
  failureOf(error: unknown): Promise<Failure | null>;
  /** Milliseconds since some moment, for latencies. */
  elapsed(): number;
}
