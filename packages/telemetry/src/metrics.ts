import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export type { Counter, Gauge, Histogram } from "prom-client";

/** Counters, gauges and histograms of one process, in the text format of Prometheus. */
export interface Metrics {
  /**
   * A number that only grows. Names end in `_total`.
   *
   * Asking twice for the same name gives the same counter; asking for a name with other labels, or one that is taken by
   * another kind, throws.
   */
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** A number that goes up and down. `collect`, if any, sets it each time it is read. As for `counter` otherwise. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    collect?: (gauge: Gauge<L>) => void,
  ): Gauge<L>;
  /** How values spread. `buckets` are upper bounds, in the unit of the name; 5 ms to 120 s when unset. As for `counter` otherwise. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
  /** Everything there is, and the process's memory, CPU and event loop, as text. */
  text(): Promise<string>;
  /** The media type of `text()`. */
  readonly contentType: string;
}

/** Upper bounds of a histogram of durations, in seconds. */
export const durationBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120,
];

type Kind = "counter" | "gauge" | "histogram";
interface Entry {
  readonly kind: Kind;
  readonly labels: string;
  readonly metric: unknown;
}

/** What metrics need. */
export interface MetricsOptions {
  /** The name of the process. Every line carries it as the label `process`. */
  readonly service: string;
}

/**
 * Makes an empty set of metrics with a registry of its own. Services that share a process share one of these.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.service });
  const entries = new Map<string, Entry>();
  let watchesProcess = false;

  function once<T>(kind: Kind, name: string, labels: readonly string[], make: () => T): T {
    const joined = labels.join(",");
    const known = entries.get(name);
    if (known === undefined) {
      const metric = make();
      entries.set(name, { kind, labels: joined, metric });
      return metric;
    }
    if (known.kind !== kind || known.labels !== joined) {
      throw new Error(`the metric ${name} exists as a ${known.kind} with the labels [${known.labels}]`);
    }
    return known.metric as T;
  }

  return {
    contentType: registry.contentType,
    counter: (name, help, labels = []) =>
      once(
        "counter",
        name,
        labels,
        () => new Counter({ name, help, labelNames: labels, registers: [registry] }),
      ),
    gauge: (name, help, labels = [], collect = undefined) =>
      once("gauge", name, labels, () => {
        const gauge: Gauge = new Gauge({
          name,
          help,
          labelNames: labels,
          registers: [registry],
          ...(collect !== undefined && { collect: () => collect(gauge) }),
        });
        return gauge;
      }),
    histogram: (name, help, labels = [], buckets = durationBuckets) =>
      once(
        "histogram",
        name,
        labels,
        () => new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
      ),
    text() {
      // On the first reading: its observers are not free, and most tests never read.
      if (!watchesProcess) {
        watchesProcess = true;
        collectDefaultMetrics({ register: registry });
      }
      return registry.metrics();
    },
  };
}
