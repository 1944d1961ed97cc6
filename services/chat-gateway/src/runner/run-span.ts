import type { Span, Tracer } from "@synod/telemetry";
import type { FinishedRun } from "./run-so-far.js";
import type { RunRequest } from "./runner.js";

/** Begins the span of a run, below its request's. */
export function startRunSpan(tracer: Tracer, runId: string, { spec, trace }: RunRequest): Span {
  return tracer.start("run", {
    kind: "internal",
    parent: trace,
    attributes: {
      "synod.run_id": runId,
      "synod.preset": spec.preset,
      "synod.strategy": spec.aggregation.strategy,
    },
  });
}

/** Says in a run's span what became of it. */
export function noteRun(span: Span, { result, record }: FinishedRun): void {
  span.set({
    "synod.outcome": result.status,
    "synod.stopped": record.stopped ?? undefined,
    "synod.rounds": record.rounds,
    "synod.calls": record.calls.made,
  });
  if (result.status === "failed") span.fail(result.failure.reason);
}
