import type { Logger } from "./logger.js";
import { noTracer, type Tracer } from "./tracer.js";

/** What tracing needs. */
export interface TracingOptions {
  /** The name of the process, such as `round`. Its spans are those of the service `synod-<service>`. */
  readonly service: string;
  /** The base URL of an OTLP collector. Spans go to `<endpoint>/v1/traces`. Nothing is traced when unset. */
  readonly endpoint?: string | undefined;
  /** Headers for the collector, such as its key. Secret. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Hears when spans cannot be delivered. Nobody does when unset. */
  readonly logger?: Logger;
  /** How long the last spans may take to be delivered at the end, in milliseconds. 3,000 when unset. */
  readonly flushMs?: number;
}

/** Tracing of one process. Disposing it delivers what is left, in bounded time, and never throws. */
export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer;
}

/**
 * Begins tracing. Services that share a process share one of these. Spans are sent in batches as JSON over HTTP; a
 * collector that is slow or gone costs spans, never a call.
 *
 * @throws TypeError when the endpoint is no URL.
 */
export async function createTracing(options: TracingOptions): Promise<Tracing> {
  const { endpoint } = options;
  if (endpoint === undefined) return { tracer: noTracer, async [Symbol.asyncDispose]() {} };
  // It takes its time to load, which nobody should wait for who does not use it.
  const { openOtlpTracing } = await import("./otlp/open-otlp-tracing.js");
  return openOtlpTracing({ ...options, endpoint });
}
