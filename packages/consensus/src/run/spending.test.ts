import { describe, expect, test } from "vitest";
import { callUsage, completion, failure, member, question, specWith } from "../testing/specs.js";
import type { RunEvent } from "./event.js";
import { spendingOf } from "./spending.js";
import { noUsage, unknownUsage, type Usage } from "./usage.js";

const spec = specWith();
const voter = (index: number) => ({ member: index, sample: 1 });
const begun: readonly RunEvent[] = [
  { type: "run_started", spec, messages: question },
  { type: "round_started", round: 1, regeneration: 0, voters: 3 },
];
const failed = { type: "member_failed", round: 1, failure: failure("upstream_error"), latencyMs: 1 } as const;
const answered: readonly RunEvent[] = [0, 1, 2].map((index) => ({
  type: "member_answered",
  round: 1,
  voter: voter(index),
  completion: completion("42"),
}));
const ended = { type: "round_ended", round: 1, stop: "complete", usable: 3, quorum: 2 } as const;
const deadline = { type: "deadline_reached" } as const;
const asked = [...begun, ...answered, ended];

test("a failed member is paid for as its usage says, and each of its attempts is a call", () => {
  const events: readonly RunEvent[] = [
    ...begun,
    { ...failed, voter: voter(0), usage: callUsage, attempts: 2 },
    { ...failed, voter: voter(1), usage: noUsage },
    { ...failed, voter: voter(2), usage: null },
  ];
  const cost = { knownUsdNanos: 100, callsOfUnknownCost: 0 };
  expect(spendingOf(events, spec)).toEqual({ calls: 3, usage: callUsage, ...cost });
});

test("a stopped call costs nobody knows what, and a simulated one nothing", () => {
  const events: readonly RunEvent[] = [
    ...begun,
    { type: "member_cancelled", round: 1, voter: voter(0), latencyMs: 1 },
  ];
  const cost = { knownUsdNanos: 0, callsOfUnknownCost: 1 };
  expect(spendingOf(events, spec)).toEqual({ calls: 1, usage: unknownUsage, ...cost });
  const free = spendingOf(events, specWith({ simulatedModels: ["m0"] }));
  expect(free).toMatchObject({ calls: 1, usage: { costUsdNanos: 0 }, callsOfUnknownCost: 0 });
});

describe("a simulated model beside real ones makes none of their calls free", () => {
  const seats = [member("m0"), member("m1", { fallbacks: ["real"] }), member("m2")];
  const mixed = specWith({
    members: seats,
    aggregation: { model: "m0" },
    judge: { mode: "annotate", models: ["m0", "real"] },
    simulated: true,
    simulatedModels: ["m0", "m1"],
  });
  const lost: Usage = { ...callUsage, costUsdNanos: null };
  const nobody = failure("service_unavailable");
  const spent = { usage: unknownUsage, attempts: 2 };
  const cancelled = (index: number): RunEvent => ({
    type: "member_cancelled",
    round: 1,
    voter: voter(index),
    latencyMs: 1,
  });
  test.each<[string, readonly RunEvent[], number]>([
    ["cancelled", [0, 1, 2].map(cancelled), 2],
    ["failed", [0, 1, 2].map((index) => ({ ...failed, voter: voter(index), usage: lost })), 2],
    ["going on", [...begun, deadline], 2],
    ["only a simulated one going on", [...begun, ...answered.slice(1), deadline], 0],
    ["of the aggregation", [{ type: "aggregation_failed", round: 1, failure: nobody, spent }], 2],
    ["of judges", [{ type: "judge_failed", attempt: 1, failure: nobody, spent }], 2],
    ["of a voter that is not there", [cancelled(7)], 1],
  ])("%s", (_, events, callsOfUnknownCost) => {
    expect(spendingOf(events, mixed)).toMatchObject({ callsOfUnknownCost });
  });

  test("where everyone is simulated, nothing is unknown", () => {
    const all = { ...mixed, simulatedModels: ["m0", "m1", "m2", "real"] };
    const events: readonly RunEvent[] = [
      ...[0, 1, 2].map(cancelled),
      { type: "aggregation_failed", round: 1, failure: nobody, spent },
      { type: "judge_failed", attempt: 1, failure: nobody, spent },
    ];
    expect(spendingOf(events, all)).toMatchObject({ calls: 7, callsOfUnknownCost: 0, knownUsdNanos: 0 });
  });
});

test("what is known is counted beside calls of which nobody knows", () => {
  const lost = { ...callUsage, costUsdNanos: null };
  const events: readonly RunEvent[] = [...asked, { ...failed, voter: voter(2), usage: lost, attempts: 2 }];
  const cost = { knownUsdNanos: 300, callsOfUnknownCost: 2 };
  expect(spendingOf(events, spec)).toMatchObject({ calls: 5, usage: { costUsdNanos: null }, ...cost });
});

describe("what was going on at the deadline was started, and its cost is not known", () => {
  const judged = specWith({ judge: { mode: "annotate", models: ["a", "b"] } });
  const outcome = { text: "42", answerKey: "42", agreement: 1, votes: [], promptVersion: "" };
  const aggregated: RunEvent = {
    type: "aggregated",
    round: 1,
    outcome: { ...outcome, aggregatorUnavailable: false },
    aggregatorSkipped: false,
  };
  const called: RunEvent = {
    type: "aggregator_called",
    round: 1,
    model: "m",
    usage: callUsage,
    failure: null,
    latencyMs: 1,
  };
  test.each<[string, readonly RunEvent[], number, boolean]>([
    ["two of three members", [...begun, ...answered.slice(0, 1)], 3, true],
    ["the aggregator", asked, 4, true],
    ["two judges", [...asked, called, aggregated], 6, true],
    ["nothing: its aggregator was heard", [...asked, called], 4, false],
  ])("%s", (_, events, calls, unknown) => {
    const spent = spendingOf([...events, deadline], judged);
    expect(spent.calls).toBe(calls);
    expect(spent.usage.costUsdNanos === null).toBe(unknown);
  });
  test("no aggregator where the strategy needs none", () => {
    const majority = specWith({ aggregation: { strategy: "majority" }, members: [member("a")] });
    expect(spendingOf([...asked, deadline], majority).calls).toBe(3);
  });
});

test("a service that is lost takes the cost of its calls with it", () => {
  const spent = { usage: unknownUsage, attempts: 2 };
  const lost = failure("service_unavailable");
  const aggregation: RunEvent = { type: "aggregation_failed", round: 1, failure: lost, spent };
  const judge: RunEvent = { type: "judge_failed", attempt: 1, failure: lost, spent };
  expect(spendingOf([aggregation, judge], spec)).toMatchObject({ calls: 4, usage: { costUsdNanos: null } });
});
