import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { Tracing, TracingOptions } from "../tracing.js";
import { OtlpTracer } from "./otlp-tracer.js";
import { reporting } from "./reporting.js";

/** Begins tracing into an OTLP collector. Nothing is registered globally: spans are begun through the tracer alone. */
export function openOtlpTracing(options: TracingOptions & { readonly endpoint: string }): Tracing {
  const { service, headers, logger, flushMs = 3_000 } = options;
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(options.endpoint),
    ...(headers !== undefined && { headers: { ...headers } }),
  });
  const version = productVersion();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": `synod-${service}`,
      "service.version": version,
      "service.instance.id": randomUUID(),
    }),
    spanProcessors: [new BatchSpanProcessor(reporting(exporter, logger))],
  });
  return {
    tracer: new OtlpTracer(provider.getTracer("synod", version)),
    async [Symbol.asyncDispose]() {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, flushMs)));
      try {
        await Promise.race([provider.shutdown(), limit]);
      } catch (error) {
        logger?.debug({ cause: String(error) }, "the last traces were not delivered");
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/traces`;
  return url.href;
}

/** All packages have one version. */
function productVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
