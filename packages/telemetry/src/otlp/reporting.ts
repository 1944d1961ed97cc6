import type { SpanExporter } from "@opentelemetry/sdk-trace-node";
import type { Logger } from "../logger.js";

/** Has the log say when spans are lost, and when they arrive again: once each, not once a batch. */
export function reporting(exporter: SpanExporter, logger: Logger | undefined): SpanExporter {
  let lost = 0;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        // By its message alone: the error may hold what the collector answered.
        if (result.error !== undefined && lost === 0) {
          logger?.warn({ cause: result.error.message }, "traces cannot be delivered");
        }
        if (result.error === undefined && lost > 0) logger?.info({ lost }, "traces are delivered again");
        lost = result.error === undefined ? 0 : lost + spans.length;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}
