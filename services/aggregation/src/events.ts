import type { Counter, Histogram, Metrics } from "@synod/telemetry";

/** What is measured of aggregations. */
export interface AggregationEvents {
  /** Aggregations by strategy and result: `aggregated`, `fallback` (the aggregator failed, another rule chose) or `failed`. */
  readonly aggregations: Counter<"strategy" | "result">;
  /** Calls of an aggregator, by result: `answered`, or the reason of the failure. */
  readonly calls: Counter<"result">;
  /** How long a call of an aggregator took, in seconds. */
  readonly duration: Histogram<"result">;
}

/** Declares what is measured of aggregations. */
export function aggregationEvents(metrics: Metrics): AggregationEvents {
  return {
    aggregations: metrics.counter("synod_aggregations_total", "Aggregations by strategy and result", [
      "strategy",
      "result",
    ]),
    calls: metrics.counter("synod_aggregator_calls_total", "Calls of an aggregator by result", ["result"]),
    duration: metrics.histogram(
      "synod_aggregator_duration_seconds",
      "Time that a call of an aggregator took",
      ["result"],
    ),
  };
}
