import { describe, expect, test } from "vitest";
import { failure, specWith } from "../testing/specs.js";
import { runScript } from "../testing/scripted-run.js";
import { callsGoingOn, callsOfAggregation, foretoldCalls } from "./aggregation-calls.js";
import type { RunSpec } from "./spec.js";

const specOf = (aggregation: Partial<RunSpec["aggregation"]>): RunSpec => specWith({ aggregation });

test.each([
  [{ strategy: "majority" }, 0],
  [{ strategy: "synthesis" }, 1],
  [{ strategy: "analysis" }, 2],
  [{ strategy: "most_consistent" }, 1],
  [{ strategy: "best_of" }, 6],
  [{ strategy: "ranked" }, 4],
  [{ strategy: "layered", layers: 2 }, 4],
  [{ strategy: "layered", layers: 4 }, 10],
] as const)("%j of three answers asks at most %i models", (aggregation, calls) => {
  expect(foretoldCalls(specOf(aggregation))).toBe(calls);
});

describe("of the answers that there are", () => {
  const texts = ["Answer: 1", "Answer: 2", "Answer: 3"];
  const eventsOf = (spec: RunSpec, said: readonly string[]) =>
    runScript(spec, { members: (_, voter) => said[voter] ?? "", aggregator: () => failure("upstream_error") })
      .events;

  test("equal texts are not compared", () => {
    const spec = specOf({ strategy: "best_of" });
    expect(callsOfAggregation(eventsOf(spec, texts), 1, spec)).toBe(6);
    expect(callsOfAggregation(eventsOf(spec, ["1", "1", "2"]), 1, spec)).toBe(2);
    expect(callsOfAggregation(eventsOf(spec, ["1", "1", "1"]), 1, spec)).toBe(0);
  });

  test("those of a step are under way until they are reported", () => {
    const spec = specOf({ strategy: "layered", layers: 3 });
    const events = eventsOf(spec, texts);
    expect([0, 1, 2, 3, 5, 6, 7].map((reported) => callsGoingOn(events, spec, reported))).toEqual([
      3, 2, 1, 3, 1, 1, 0,
    ]);
  });
});
