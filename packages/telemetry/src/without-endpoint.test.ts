import { expect, it, vi } from "vitest";
import { noTracer } from "./tracer.js";
import { createTracing } from "./tracing.js";

vi.mock("./otlp/open-otlp-tracing.js", () => {
  throw new Error("OpenTelemetry is loaded");
});

it("loads OpenTelemetry for those alone who have a collector", async () => {
  await using tracing = await createTracing({ service: "round" });
  expect(tracing.tracer).toBe(noTracer);
  await expect(createTracing({ service: "round", endpoint: "http://127.0.0.1:1" })).rejects.toThrow();
});
