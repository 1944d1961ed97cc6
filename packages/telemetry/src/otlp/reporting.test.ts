import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-node";
import { expect, it } from "vitest";
import { createLogger } from "../logger.js";
import { reporting } from "./reporting.js";

const span = {} as ReadableSpan;

it("says when spans are lost and when they arrive again, once each", () => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const logger = createLogger({ level: "info", service: "test", destination });
  const refused = Object.assign(new Error("Forbidden"), { data: "canary: what the collector said" });
  let error: Error | undefined;
  const exporter: SpanExporter = {
    export: (_spans, done) => done(error === undefined ? { code: 0 } : { code: 1, error }),
    shutdown: () => Promise.resolve(),
  };
  const results: number[] = [];
  const send = (spans: number) =>
    reported.export(Array<ReadableSpan>(spans).fill(span), ({ code }) => results.push(code));
  const reported = reporting(exporter, logger);

  send(1);
  error = refused;
  send(2);
  send(3);
  error = undefined;
  send(1);
  send(1);
  expect(results).toEqual([0, 1, 1, 0, 0]);
  expect(lines).toMatchObject([
    { level: "warn", cause: "Forbidden", msg: "traces cannot be delivered" },
    { level: "info", lost: 5, msg: "traces are delivered again" },
  ]);
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain("canary");
});
