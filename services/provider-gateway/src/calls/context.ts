import type { Logger, TraceContext, Tracer } from "@synod/telemetry";
import type { UpstreamEvents } from "../events.js";
import type { ModelFacts } from "../models/model-facts.js";
import type { Tally } from "./tally.js";

/** What one question holds from its first call to its last. */
export interface AskContext {
  /** Fires when the caller leaves or the deadline passes. */
  readonly signal: AbortSignal;
  /** When it ends at the latest, on the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly tally: Tally;
  readonly facts: ModelFacts;
  readonly events: UpstreamEvents;
  readonly logger: Logger;
  readonly tracer: Tracer;
  /** What the upstream calls are a part of. */
  readonly trace: TraceContext;
  /** At least 0, below 1. */
  readonly random: () => number;
}

/** Milliseconds that are left. */
export function leftOf(context: AskContext): number {
  return Math.max(context.endsAt - performance.now(), 0);
}
