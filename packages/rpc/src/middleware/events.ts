import type { DescMethod } from "@bufbuild/protobuf";
import type { Metrics } from "@synod/telemetry";

/** Counts one call; to be called with its code when it ends. */
type CountEnd = (code: string) => void;

/**
 * What is measured of every call, under its service and method:
 *
 * - `synod_rpc_calls_total`, by code
 * - `synod_rpc_call_seconds`, from the first byte to the last
 * - `synod_rpc_calls_in_flight`
 */
export function createCallMetrics(metrics: Metrics): (method: DescMethod) => CountEnd {
  const names = ["service", "method"] as const;
  const total = metrics.counter("synod_rpc_calls_total", "Calls that ended, by their code.", [
    ...names,
    "code",
  ]);
  const seconds = metrics.histogram("synod_rpc_call_seconds", "How long calls took.", names);
  const inFlight = metrics.gauge("synod_rpc_calls_in_flight", "Calls that are going on.", names);
  const known = new Map<DescMethod, () => CountEnd>();

  function starter(method: DescMethod): () => CountEnd {
    const labels = { service: method.parent.typeName, method: method.name };
    const gauge = inFlight.labels(labels);
    const histogram = seconds.labels(labels);
    return () => {
      const startedMs = performance.now();
      gauge.inc();
      return (code) => {
        gauge.dec();
        histogram.observe((performance.now() - startedMs) / 1_000);
        total.inc({ ...labels, code });
      };
    };
  }

  return (method) => {
    let start = known.get(method);
    if (start === undefined) known.set(method, (start = starter(method)));
    return start();
  };
}
