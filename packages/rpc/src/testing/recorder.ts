import { createLogger, createMetrics, type Logger, type Metrics } from "@synod/telemetry";

/** A logger and metrics that a test can read. */
export interface Recorder {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly entries: readonly Record<string, unknown>[];
  /** The value of a metric's line, such as `synod_rpc_calls_total{…}` by a part of it. */
  metric(name: string, ...labels: readonly string[]): Promise<number | undefined>;
}

/** Makes one. */
export function createRecorder(): Recorder {
  const entries: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void entries.push(JSON.parse(line)) };
  const metrics = createMetrics({ service: "test" });
  return {
    logger: createLogger({ level: "debug", service: "test", destination }),
    metrics,
    entries,
    async metric(name, ...labels) {
      const lines = (await metrics.text()).split("\n");
      const line = lines.find(
        (text) => text.startsWith(name) && labels.every((label) => text.includes(label)),
      );
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1));
    },
  };
}
