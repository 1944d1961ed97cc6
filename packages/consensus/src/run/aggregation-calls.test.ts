import { describe, expect, test } from "vitest";
import { runScript } from "../testing/scripted-run.js";
import { failure, member, specWith } from "../testing/specs.js";
import { strategies } from "../strategies/registry.js";
import type { StrategyName } from "../strategies/strategy.js";
import { callsGoingOn, callsOfAggregation, foretoldCalls } from "./aggregation-calls.js";
import type { RunEvent } from "./event.js";
import { recordOf } from "./record.js";
import type { RunSpec } from "./spec.js";

const members = ["m0", "m1", "m2", "m3"].map((model) => member(model));
const specOf = (strategy: StrategyName, more: object = {}) =>
  specWith({ members, aggregation: { strategy, ...more }, quorum: 2 });
const colours = ["say red", "say blue", "say green", "say grey"];
const asking = (Object.keys(strategies) as StrategyName[]).filter((name) => strategies[name].needsModel);

/** The log of a run, cut off by its deadline after so many calls of its aggregation were reported. */
function interrupted(events: readonly RunEvent[], reported: number): readonly RunEvent[] {
  const calls = events.flatMap((event, at) => (event.type === "aggregator_called" ? [at] : []));
  const end =
    reported === 0 ? events.findIndex((event) => event.type === "round_ended") : (calls[reported - 1] ?? 0);
  return [...events.slice(0, end + 1), { type: "deadline_reached" }];
}

describe("calls that an end interrupts", () => {
  test.each(asking)("%s: are the rest of the step that goes on", (strategy) => {
    const spec = specOf(strategy);
    const { events, paid } = runScript(spec, { members: (_, voter) => colours[voter] ?? "" });
    const steps = strategies[strategy].calls(4);
    expect(paid.aggregator).toBeLessThanOrEqual(steps.reduce((a, b) => a + b, 0));
    for (let reported = 0; reported < paid.aggregator; reported++) {
      const begun = steps.reduce((sum, calls) => (sum <= reported ? sum + calls : sum), 0);
      const { calls } = recordOf(interrupted(events, reported));
      expect([reported, calls.made]).toEqual([reported, 4 + begun]);
    }
  });

  test("are counted by what there is to ask, not by what there could be", () => {
    const spec = specOf("best_of");
    const { events } = runScript(spec, { members: (_, voter) => (voter < 2 ? "say red" : "say blue") });
    expect(recordOf(interrupted(events, 0)).calls.made).toBe(4 + 2);
    expect(callsGoingOn(events.slice(0, 2), spec, 0)).toBe(0);
  });
});

describe("calls that were not needed", () => {
  test.each([
    ["synthesis", 1],
    ["analysis", 2],
    ["ranked", 5],
    ["best_of", 2],
  ] as const)("%s: all that the answers would have cost", (strategy, saved) => {
    const spec = specOf(strategy, { when: "disagree" });
    const { record, paid } = runScript(spec, { members: (_, voter) => (voter < 2 ? "42" : "It is 42") });
    expect(paid.aggregator).toBe(0);
    expect(record.calls).toEqual({ made: 4, saved });
  });

  test("a round that was not asked would have cost its members and its aggregation", () => {
    const spec = { ...specOf("ranked"), rounds: { max: 3, stopWhen: "stable" as const } };
    const { record } = runScript(spec, { members: () => "42" });
    expect(foretoldCalls(spec)).toBe(4 + 1);
    expect(record).toMatchObject({ rounds: 1, stopped: "agreed", calls: { saved: 2 * (4 + 5) } });
  });

  test("strategies without a model have none", () => {
    for (const name of ["majority", "weighted", "fields", "tool_calls", "concatenate"] as const)
      expect(foretoldCalls(specOf(name))).toBe(0);
  });
});

const specFor = (aggregation: Partial<RunSpec["aggregation"]>): RunSpec => specWith({ aggregation });

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
  expect(foretoldCalls(specFor(aggregation))).toBe(calls);
});

describe("of the answers that there are", () => {
  const texts = ["Answer: 1", "Answer: 2", "Answer: 3"];
  const eventsOf = (spec: RunSpec, said: readonly string[]) =>
    runScript(spec, { members: (_, voter) => said[voter] ?? "", aggregator: () => failure("upstream_error") })
      .events;

  test("equal texts are not compared", () => {
    const spec = specFor({ strategy: "best_of" });
    expect(callsOfAggregation(eventsOf(spec, texts), 1, spec)).toBe(6);
    expect(callsOfAggregation(eventsOf(spec, ["1", "1", "2"]), 1, spec)).toBe(2);
    expect(callsOfAggregation(eventsOf(spec, ["1", "1", "1"]), 1, spec)).toBe(0);
  });

  test("those of a step are under way until they are reported", () => {
    const spec = specFor({ strategy: "layered", layers: 3 });
    const events = eventsOf(spec, texts);
    expect([0, 1, 2, 3, 5, 6, 7].map((reported) => callsGoingOn(events, spec, reported))).toEqual([
      3, 2, 1, 3, 1, 1, 0,
    ]);
  });
});
