import { type Counter, durationBuckets, type Gauge, type Histogram, type Metrics } from "@synod/telemetry";

/** What is measured of upstream calls. No label holds a model, a key or a text: their number would have no bound. */
export interface UpstreamEvents {
  /** Calls started, by what became of them: `answered`, or the reason of the failure. */
  readonly attempts: Counter<"provider" | "outcome">;
  /** Calls after which the same model was asked again, by why. */
  readonly repeats: Counter<"provider" | "reason">;
  /** Repeats that did not happen because too many were going on. */
  readonly repeatsRefused: Counter<"provider">;
  /** Calls that were not made, by why: too many waited, a limit is used up, the model or its key fails. */
  readonly refused: Counter<"provider" | "reason">;
  /** How long calls waited for a limit or a place, in seconds. Those that did not wait are not in it. */
  readonly waited: Histogram<"provider">;
  /** Calls that another model was asked after. */
  readonly failovers: Counter<"provider">;
  /** Calls that are going on. */
  readonly running: Gauge<"provider">;
  /** From a call's start to its first token, in seconds. */
  readonly firstToken: Histogram<"provider">;
  /** From a call's start to its end, in seconds. */
  readonly duration: Histogram<"provider" | "outcome">;
  /** Tokens of calls, by direction: `input` or `output`. Estimated where the provider does not say. */
  readonly tokens: Counter<"provider" | "direction">;
  /** What calls cost, in US dollars, failed ones included. Estimated where the provider does not say. */
  readonly cost: Counter<"provider">;
  /** Calls for which no price is known. */
  readonly unpriced: Counter<"provider">;
}

/** Declares what is measured of upstream calls. */
export function upstreamEvents(metrics: Metrics): UpstreamEvents {
  return {
    attempts: metrics.counter("synod_upstream_attempts_total", "Upstream calls by what became of them", [
      "provider",
      "outcome",
    ]),
    repeats: metrics.counter(
      "synod_upstream_repeats_total",
      "Calls after which the same model was asked again",
      ["provider", "reason"],
    ),
    repeatsRefused: metrics.counter(
      "synod_upstream_repeats_refused_total",
      "Repeats that did not happen because too many were going on",
      ["provider"],
    ),
    refused: metrics.counter("synod_upstream_refused_total", "Calls that were not made, by why", [
      "provider",
      "reason",
    ]),
    waited: metrics.histogram(
      "synod_upstream_wait_seconds",
      "Time that calls waited for a limit or a place",
      ["provider"],
      durationBuckets,
    ),
    failovers: metrics.counter(
      "synod_upstream_failovers_total",
      "Calls after which another model was asked",
      ["provider"],
    ),
    running: metrics.gauge("synod_upstream_running", "Upstream calls that are going on", ["provider"]),
    firstToken: metrics.histogram(
      "synod_upstream_first_token_seconds",
      "Time to the first token of an upstream call",
      ["provider"],
    ),
    duration: metrics.histogram(
      "synod_upstream_duration_seconds",
      "Time that an upstream call took",
      ["provider", "outcome"],
      durationBuckets,
    ),
    tokens: metrics.counter("synod_upstream_tokens_total", "Tokens of upstream calls by direction", [
      "provider",
      "direction",
    ]),
    cost: metrics.counter("synod_upstream_cost_usd_total", "Cost of upstream calls in US dollars", [
      "provider",
    ]),
    unpriced: metrics.counter("synod_upstream_unpriced_total", "Upstream calls for which no price is known", [
      "provider",
    ]),
  };
}
