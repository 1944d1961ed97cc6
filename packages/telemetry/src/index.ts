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
export { readTraceContext, type TraceContext } from "./trace-context.js";
export {
  noTracer,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type SpanOptions,
  type Tracer,
} from "./tracer.js";
export { createTracing, type Tracing, type TracingOptions } from "./tracing.js";
