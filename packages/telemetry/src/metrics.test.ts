import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.js";

describe("createMetrics", () => {
  it("writes counters, gauges and histograms as text", async () => {
    const metrics = createMetrics({ service: "round" });
    metrics.counter("calls_total", "Calls.", ["method"]).inc({ method: "RunRound" });
    metrics.gauge("open", "Open calls.").set(3);
    metrics.histogram("call_seconds", "Durations.", ["method"], [1, 2]).observe({ method: "RunRound" }, 1.5);
    const text = await metrics.text();
    expect(text).toContain('calls_total{method="RunRound",process="round"} 1');
    expect(text).toContain('open{process="round"} 3');
    expect(text).toContain('call_seconds_bucket{le="2",process="round",method="RunRound"} 1');
    expect(text).toContain("process_resident_memory_bytes");
    expect(metrics.contentType).toContain("text/plain");
  });

  it("gives the same metric for the same name", async () => {
    const metrics = createMetrics({ service: "all-in-one" });
    metrics.counter("calls_total", "Calls.", ["method"]).inc({ method: "a" });
    metrics.counter("calls_total", "Calls.", ["method"]).inc({ method: "a" });
    expect(await metrics.text()).toContain('calls_total{method="a",process="all-in-one"} 2');
  });

  it("refuses a name that is taken by another kind or with other labels", () => {
    const metrics = createMetrics({ service: "round" });
    metrics.counter("calls_total", "Calls.", ["method"]);
    expect(() => metrics.gauge("calls_total", "Calls.", ["method"])).toThrow(/exists as a counter/);
    expect(() => metrics.counter("calls_total", "Calls.", ["model"])).toThrow(/labels \[method\]/);
  });

  it("keeps two sets apart", async () => {
    const one = createMetrics({ service: "a" });
    const two = createMetrics({ service: "b" });
    one.counter("calls_total", "Calls.").inc();
    expect(await two.text()).not.toContain("calls_total");
  });
});
