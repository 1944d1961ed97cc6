export { createLogger, type Logger, type LoggerOptions, type LogLevel } from "./logger.js";
export {
  type Counter,
  createMetrics,
  durationBuckets,
  type Gauge,
  type Histogram,
  type Metrics,
  type MetricsOptions,
} from "./metrics.js";
