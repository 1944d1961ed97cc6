import type { Metrics } from "@synod/telemetry";
import type { Provider } from "../providers/provider.js";
import type { BreakerState } from "./breaker.js";

/** Measures how the providers are treated: read when the metrics are, so that it costs nothing in between. */
export function watchControl(metrics: Metrics, providers: Iterable<Provider>): void {
  const all = [...providers];
  metrics.gauge(
    "synod_upstream_breakers",
    "Models with a key, by the state of their breaker",
    ["provider", "state"],
    (gauge) => {
      for (const { id: provider, lines } of all) {
        const count: Record<BreakerState, number> = { closed: 0, open: 0, half_open: 0 };
        for (const line of lines.all()) count[line.breaker.state] += 1;
        for (const [state, number] of Object.entries(count)) gauge.set({ provider, state }, number);
      }
    },
  );
  metrics.gauge(
    "synod_upstream_keys_refused",
    "Keys that their provider refused last",
    ["provider"],
    (gauge) => {
      for (const { id: provider, lines } of all) {
        gauge.set({ provider }, lines.keys.filter((key) => key.isOut).length);
      }
    },
  );
  metrics.gauge("synod_upstream_waiting", "Calls that wait for a limit or a place", ["provider"], (gauge) => {
    for (const { id: provider, room } of all) gauge.set({ provider }, room.waiting);
  });
}
