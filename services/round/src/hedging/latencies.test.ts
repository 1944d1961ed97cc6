import { describe, expect, test } from "vitest";
import { Latencies } from "./latencies.js";

function taking(latencies: Latencies, model: string, times: readonly number[]): number | undefined {
  for (const time of times) latencies.note(model, time);
  return latencies.p95(model);
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("the 95th percentile of a model's latency", () => {
  test("is unknown before twenty answers", () => {
    expect(taking(new Latencies(), "a", upTo(19))).toBeUndefined();
    expect(taking(new Latencies(), "a", upTo(20))).toBe(19);
  });

  test("is that of the last hundred, in whichever order they came", () => {
    expect(taking(new Latencies(), "a", upTo(100))).toBe(95);
    expect(taking(new Latencies(), "a", upTo(100).toReversed())).toBe(95);
    expect(taking(new Latencies(), "a", [...upTo(50).map((i) => i * 1000), ...upTo(100)])).toBe(95);
  });

  test("is each model's own", () => {
    const latencies = new Latencies({ needed: 1 });
    latencies.note("a", 10);
    latencies.note("b", 20);
    expect([latencies.p95("a"), latencies.p95("b"), latencies.p95("c")]).toEqual([10, 20, undefined]);
  });

  test("is forgotten of the model that was not heard of for longest", () => {
    const latencies = new Latencies({ needed: 1, models: 2 });
    for (const model of ["a", "b", "a", "c"]) latencies.note(model, 10);
    expect(["a", "b", "c"].map((model) => latencies.p95(model))).toEqual([10, undefined, 10]);
  });
});
